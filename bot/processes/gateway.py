"""`python -m bot.processes.gateway`: runs the public process."""

from __future__ import annotations

import sys

from bot import settings as environment
from bot.adapters.clock import ShiftedClock
from bot.domain.wechat_menu import BadMenu
from bot.gateway.app import create_app
from bot.gateway.claims import alone
from bot.gateway.logs import configure, log


def main() -> None:
    """Serve until stopped; one process, since order per person is kept in it."""
    configure()
    try:
        settings = environment.load()
        clock = ShiftedClock(settings.now)
        held = alone(settings)
    except (environment.SettingsError, ValueError) as error:
        sys.exit(f"gateway: {error}")
    try:
        app = create_app(settings, clock)
    except BadMenu as error:
        sys.exit(f"gateway: {error}")
    log("starting", port=settings.gateway_port)
    app.run(settings.host, settings.gateway_port, motd=False, access_log=False)
    if held is not None:
        held.close()


if __name__ == "__main__":
    main()
