"""服务中心进程: `python -m bot.processes.center` serves the embedded service centre."""

from __future__ import annotations

import sys

from bot import bootstrap
from bot.adapters.clock import ShiftedClock
from bot.adapters.yaml_catalogue import CatalogueError
from bot.center.app import create_app
from bot.center.logs import configure, log
from bot.settings import SettingsError, load


def main() -> int:
    """Serve until a signal; 2 if the settings or the files cannot be used."""
    configure()
    try:
        settings = load()
        app = create_app(settings, ShiftedClock(settings.now), [bootstrap.match_index_hook()])
    except (SettingsError, CatalogueError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    log("starting", host=settings.host, port=settings.center_port)
    app.run(
        host=settings.host,
        port=settings.center_port,
        access_log=False,
        motd=False,
        debug=False,
        auto_reload=False,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
