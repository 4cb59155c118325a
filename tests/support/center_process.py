"""The centre's process without the match index, which costs seconds and has its own tests."""

from __future__ import annotations

from unittest import mock

from bot.processes import center


def main() -> None:
    create = center.create_app
    with mock.patch.object(center, "create_app", lambda settings, clock, hooks: create(settings, clock)):
        center.main()


if __name__ == "__main__":
    main()
