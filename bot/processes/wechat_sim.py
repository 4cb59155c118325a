"""`python -m bot.processes.wechat_sim`: runs the simulated WeChat platform, for the demo and for tests."""

from __future__ import annotations

import logging
import os
import sys

from bot import settings as environment
from bot.wechat_sim.app import create_app


def main() -> None:
    """Serve until stopped, on this machine only; BANGBAN_SIM_SEED makes its random values repeatable."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        settings = environment.load()
        seed = os.environ.get("BANGBAN_SIM_SEED")
        app = create_app(settings, int(seed) if seed else None)
    except (environment.SettingsError, ValueError) as error:
        sys.exit(f"wechat_sim: {error}")
    app.run("127.0.0.1", settings.sim_port, motd=False, access_log=False)


if __name__ == "__main__":
    main()
