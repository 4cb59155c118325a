"""docs/wechat-guide.md names every setting of the account, with its default and choices, and none that the code does not read."""

from __future__ import annotations

import re
from pathlib import Path

from bot import settings

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "wechat-guide.md").read_text(encoding="utf8")
CODE = (ROOT / "bot" / "settings.py").read_text(encoding="utf8")
TABLE = GUIDE.split("## 七、")[1].split("## 八、")[0]
ROWS = {name: line for line in TABLE.splitlines() for name in re.findall(r"`([A-Z_]+)`", line.split(" | ")[0])}


def test_every_setting_of_the_account_stands_in_the_table() -> None:
    assert set(re.findall(r'"(WECHAT_[A-Z_]+)"', CODE)) == {name for name in ROWS if name.startswith("WECHAT_")}


def test_every_name_in_the_guide_is_read_by_the_code() -> None:
    for name in re.findall(r"\b((?:WECHAT|BANGBAN)_[A-Z_]+)", GUIDE):
        assert f'"{name}"' in CODE, name


def test_defaults_and_choices_are_those_of_the_code(tmp_path: Path) -> None:
    account = settings.load({"BANGBAN_VAR": str(tmp_path), "WECHAT_APP_ID": "wx1", "WECHAT_APP_SECRET": "s", "WECHAT_ORIGINAL_ID": "gh_1",
                             "WECHAT_TOKEN": "abc", "WECHAT_AES_KEY": "A" * 43}).wechat  # fmt: skip
    defaults = {"MODE": account.mode, "CHOICES": account.choices, "QUOTA_OVERLAP": account.overlap, "API_BASE": account.api_base,
                "OAUTH_BASE": account.oauth_base, "TYPING": "on" if account.typing else "off"}  # fmt: skip
    for name, value in defaults.items():
        assert ROWS[f"WECHAT_{name}"].split(" | ")[1] == f"`{value}`", name
    choices = {"MODE": settings.WECHAT_MODES, "CHOICES": settings.WECHAT_CHOICES, "QUOTA_OVERLAP": settings.WECHAT_OVERLAPS}
    for name, values in choices.items():
        assert all(f"`{value}`" in ROWS[f"WECHAT_{name}"] for value in values), name
