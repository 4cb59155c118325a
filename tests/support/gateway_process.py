"""Runs the real gateway with smaller waiting times: `python -m tests.support.gateway_process '{"wait_line_after": 1}'`."""

from __future__ import annotations

import json
import sys
from unittest import mock

from bot.gateway.context import Options
from bot.processes import gateway


def main() -> None:
    options = Options(**json.loads(sys.argv[1]))
    create = gateway.create_app
    with mock.patch.object(gateway, "create_app", lambda settings, clock: create(settings, clock, options)):
        gateway.main()


if __name__ == "__main__":
    main()
