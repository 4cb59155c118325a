"""The town's own WeChat file (data/centre/wechat.yml) and the parts of its profile that the account speaks of."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, Mapping, Optional

import yaml

from bot.adapters import yaml_catalogue
from bot.domain.centre import Centre
from bot.domain.wechat_menu import BadMenu, Menu, read_menu
from bot.settings import ROOT


@dataclass(frozen=True)
class NoticeTemplate:
    """A template of the platform and what stands in its fields; an empty id: not used."""

    template_id: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class WeChatProfile:
    """What is local about the account."""

    menu: Menu
    scenes: Mapping[str, str]
    subscribe: NoticeTemplate
    template: NoticeTemplate
    centre: Optional[Centre]


def load_profile(centre_dir: Path) -> WeChatProfile:
    """The profile; a centre whose own file cannot be read leaves the account speaking without it.

    Raises:
        BadMenu: wechat.yml cannot be used; the text says why.
    """
    path = centre_dir / "wechat.yml"
    if not path.exists():  # a town may do without one of its own
        path = ROOT / "data" / "centre" / "wechat.yml"
    try:
        raw: Dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf8")) or {}
    except (OSError, yaml.YAMLError) as error:
        raise BadMenu(f"{path} cannot be read: {type(error).__name__}") from error
    notices = raw.get("notices") or {}
    return WeChatProfile(
        read_menu(raw.get("menu")),
        {str(k): str(v) for k, v in (raw.get("scenes") or {}).items()},
        _template(notices.get("subscribe")),
        _template(notices.get("template")),
        _centre(centre_dir),
    )


def _template(raw: Any) -> NoticeTemplate:
    if not isinstance(raw, Mapping) or not raw.get("template_id"):
        return NoticeTemplate()
    return NoticeTemplate(str(raw["template_id"]), {str(k): str(v) for k, v in (raw.get("fields") or {}).items()})


def _centre(centre_dir: Path) -> Optional[Centre]:
    try:
        return yaml_catalogue.load_centre(centre_dir / "profile.yml")
    except (yaml_catalogue.CatalogueError, OSError):
        return None
