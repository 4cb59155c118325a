"""服务中心进程: `python -m bot.processes.center` serves the embedded service centre."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Mapping

from bot.adapters.clock import ShiftedClock
from bot.adapters.index_recipe import index_recipe
from bot.adapters.yaml_catalogue import CatalogueError
from bot.center.app import create_app
from bot.center.logs import log
from bot.processes.logs import configure_logs
from bot.settings import SettingsError, load


class MatchIndex:
    """Publication hook that builds the match index beside a snapshot; a lexicon that cannot be read must not stop the centre."""

    def __init__(self) -> None:
        self.name = f"match_index {index_recipe()}"
        """Another lexicon or meaning space makes another name, so that the index is built anew after an upgrade."""

    def __call__(self, path: Path, content: Mapping[str, Any]) -> None:
        """Build it."""
        from bot import bootstrap  # here, because what it imports is heavy and not needed to answer requests

        bootstrap.match_index_hook()(path, content)


def main() -> int:
    """Serve until a signal; 2 if the settings or the files cannot be used."""
    configure_logs()
    try:
        settings = load()
        app = create_app(settings, ShiftedClock(settings.now), (MatchIndex(),))
    except (SettingsError, CatalogueError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    log("starting", host=settings.host, port=settings.center_port)
    app.run(
        host=settings.host,
        port=settings.center_port,
        workers=1,
        access_log=False,
        motd=False,
        debug=False,
        auto_reload=False,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
