"""模板消息 and 订阅通知: templates with typed fields, and consents (fact sheet, items 50-54)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from bot.wechat_sim.errors import ApiError

_RULES: dict[str, re.Pattern[str]] = {
    "thing": re.compile(r"[^\n\r]{1,20}"),
    "const": re.compile(r"[^\n\r]{1,20}"),
    "phrase": re.compile(r"[一-鿿]{1,5}"),
    "character_string": re.compile(r"[\x20-\x7e]{1,32}"),
    "number": re.compile(r"-?\d{1,32}(\.\d{1,2})?"),
    "letter": re.compile(r"[A-Za-z]{1,32}"),
    "amount": re.compile(r"[¥$￥]?\d{1,10}(\.\d{1,2})?元?"),
    "phone_number": re.compile(r"[\d+\- ]{1,17}"),
    "name": re.compile(r"[一-鿿·]{1,10}|[A-Za-z ]{1,20}"),
    "date": re.compile(r"\d{4}(年\d{1,2}月\d{1,2}日|[-/.]\d{1,2}[-/.]\d{1,2})( \d{1,2}:\d{2}(:\d{2})?)?"),
    "time": re.compile(r"(\d{4}(年\d{1,2}月\d{1,2}日|[-/.]\d{1,2}[-/.]\d{1,2}) )?\d{1,2}:\d{2}(:\d{2})?"),
}
_FIELD = re.compile(r"([a-z_]+?)(\d+)")
_OLD_FIELD = re.compile(r"keyword\d+")
_OLD_FIELD_LENGTH = 20


@dataclass(frozen=True)
class Template:
    """`fields` are its placeholders, such as thing1; old templates have keyword1. `labels` are the words in front of them."""

    template_id: str
    title: str
    fields: tuple[str, ...]
    labels: tuple[str, ...] = ()
    long_term: bool = False  # a consent does not wear out; for public services only


def check_data(template: Template, data: Any) -> dict[str, str]:
    """The values to show.

    Raises:
        ApiError: 47003 naming the field, 47001 not an object of {"value"}.
    """
    if not isinstance(data, dict):
        raise ApiError(47001)
    shown = {}
    for name in template.fields:
        cell = data.get(name)
        value = cell.get("value") if isinstance(cell, dict) else None
        if not isinstance(value, (str, int, float)) or isinstance(value, bool) or str(value) == "":
            raise ApiError(47003, f"data.{name}.value is empty")
        shown[name] = str(value)
        if not _fits(name, str(value)):
            raise ApiError(47003, f"data.{name}.value invalid")
    return shown


def _fits(name: str, value: str) -> bool:
    if _OLD_FIELD.fullmatch(name):
        return len(value) <= _OLD_FIELD_LENGTH and "\n" not in value
    kind = _FIELD.fullmatch(name)
    rule = _RULES.get(kind[1]) if kind else None
    return bool(rule.fullmatch(value)) if rule else len(value) <= _OLD_FIELD_LENGTH


@dataclass
class Notices:
    """The account's templates, and which client_msg_id was sent when."""

    templates: dict[str, Template] = field(default_factory=dict)
    subscriptions: dict[str, Template] = field(default_factory=dict)
    sent: dict[tuple[str, str], tuple[float, int]] = field(default_factory=dict)

    def add(self, kind: str, template: Template) -> None:
        """kind: template or subscribe."""
        (self.templates if kind == "template" else self.subscriptions)[template.template_id] = template

    def find(self, kind: str, template_id: Any) -> Template:
        """Raises ApiError 40037."""
        shelf = self.templates if kind == "template" else self.subscriptions
        found = shelf.get(template_id) if isinstance(template_id, str) else None
        if found is None:
            raise ApiError(40037)
        return found
