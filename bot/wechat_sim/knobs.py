"""旋钮 (xuánniǔ): what nobody outside knows for certain about the platform, and what tests want otherwise.

Each field is described in docs/wechat-simulator.md; those marked U in the fact sheet have no test that depends on their value.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any

CHOICES: dict[str, tuple[str, ...]] = {
    "quota_overlap": ("any_open", "latest_only"),
    "quota_again": ("reset", "add"),
    "msgmenu_grant": ("msgmenu", "message"),
    "account_type": ("service", "service_unverified", "subscription", "test"),
    "unicode_escapes": ("refuse", "literal"),
    "after_no_connection": ("wait", "at_once"),
    "reply_to_silent_event": ("illegal", "ignored"),
    "msgmenu_letter_id": ("zero", "missing", "kept"),
    "failure_notice": ("field", "docs"),
}


class KnobError(Exception):
    """No such knob, or not such a value; the text says which are possible."""


@dataclass
class Knobs:
    """Values in force; durations in seconds."""

    attempts: int = 3
    answer_budget: float = 5.0
    connect_budget: float = 5.0
    after_no_connection: str = "wait"
    retry_same_envelope: bool = True
    push_content_type: str = "text/xml"
    view_menu_id: bool = True
    empty_event_key: bool = True
    failure_notice: str = "field"
    notice_for_silent_events: bool = False
    markfail_after: int = 5
    markfail_window: float = 60.0
    markfail_pause: float = 60.0
    notice_while_marked: bool = True
    reply_to_silent_event: str = "illegal"
    quota_overlap: str = "any_open"
    quota_again: str = "reset"
    msgmenu_grant: str = "msgmenu"
    msgmenu_items: int = 10
    msgmenu_letter_id: str = "zero"
    passive_reply_costs: bool = False
    typing_costs: bool = False
    typing_interaction: float = 30.0
    typing_lasts: float = 15.0
    unfollowed_code: int = 45015
    unicode_escapes: str = "refuse"
    account_type: str = "service"
    token_seconds: int = 7200
    token_overlap: float = 300.0
    token_length: int = 512
    ip_allowlist: list[str] = field(default_factory=list)
    daily_limits: dict[str, int] = field(default_factory=dict)
    image_limit: int = 10 * 1024 * 1024
    media_seconds: int = 3 * 24 * 3600
    event_delay: float = 0.5
    menu_refresh: float = 300.0
    client_msg_id_seconds: int = 24 * 3600
    future_fields: bool = False
    voice_16k: bool = False
    sns_content_type: str = "text/plain"

    def as_dict(self) -> dict[str, Any]:
        """All values."""
        return asdict(self)

    def turn(self, values: dict[str, Any]) -> None:
        """Set some knobs, all or none.

        Raises:
            KnobError: a name or value is not possible.
        """
        known = {f.name: getattr(self, f.name) for f in fields(self)}
        checked = {}
        for name, value in values.items():
            if name not in known:
                raise KnobError(f"no knob {name!r}; there are {', '.join(sorted(known))}")
            checked[name] = _fitting(name, value, known[name])
        for name, value in checked.items():
            setattr(self, name, value)


def _fitting(name: str, value: Any, present: Any) -> Any:
    if name in CHOICES and value not in CHOICES[name]:
        raise KnobError(f"{name} is one of {', '.join(CHOICES[name])}")
    wanted = type(present)
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not wanted:
        raise KnobError(f"{name} is a {wanted.__name__}")
    if isinstance(value, (int, float)) and value < 0:
        raise KnobError(f"{name} is not negative")
    return value
