"""文字 (wenzi): reads texts.yml and fills in the centre's name and telephones."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Mapping

import yaml

_FILE = Path(__file__).parent / "texts.yml"
_UNKNOWN_CENTRE = {"centre": "便民服务中心", "phone": "12345", "hotline": "12345"}


@dataclass(frozen=True)
class Texts:
    """The gateway's wording."""

    messages: Mapping[str, str]
    wechat: Mapping[str, str]  # some still with {fields} of their own
    console: Mapping[str, str]  # for the administrator; likewise
    greeting: str
    examples: List[str]
    page: Mapping[str, str]
    errors: Mapping[str, str]
    links: Mapping[str, str]  # each with a place for {link}


def load_texts(profile: Path) -> Texts:
    """The wording for one centre; without a readable profile the gateway still greets people, only without the name."""
    return _filled(yaml.safe_load(_FILE.read_text(encoding="utf8")), _centre_words(profile))


def _centre_words(profile: Path) -> Dict[str, str]:
    try:
        centre = yaml.safe_load(profile.read_text(encoding="utf8"))["centre"]
        return {"centre": centre["name"], "phone": centre["enquiry_phone"], "hotline": centre["hotline"]}
    except (OSError, KeyError, TypeError, yaml.YAMLError):
        return _UNKNOWN_CENTRE


def _filled(raw: Mapping[str, Any], words: Mapping[str, str]) -> Texts:
    def fill(part: Mapping[str, str]) -> Dict[str, str]:
        return {name: text.format(**words) for name, text in part.items()}

    greeting = raw["greeting"]
    return Texts(
        fill(raw["messages"]),
        fill(raw["wechat"]),
        fill(raw["console"]),
        greeting["text"].format(**words),
        [example.format(**words) for example in greeting["examples"]],
        fill(raw["page"]),
        fill(raw["errors"]),
        fill(raw["links"]),
    )
