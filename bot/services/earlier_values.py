"""Values given before in the same conversation, to be offered again for another item; never used without a yes.

Only name, ID number, telephone and address of a person are offered. Whose they are is kept apart: for oneself ("self": an applicant who
filed for themselves, or an agent), for another ("other": the applicant an agent filed for). Personal numbers are tokens, bound to this conversation.
"""

from __future__ import annotations

from typing import Any, Dict, Iterable, Iterator, Mapping, Sequence, Tuple

from bot.domain.draft import Draft
from bot.services.file_case import Filing

OF_THE_APPLICANT = ("applicant_name", "applicant_id", "applicant_phone", "address")
OF_THE_AGENT = ("agent_name", "agent_phone")
_AS_APPLICANT = {"agent_name": "applicant_name", "agent_phone": "applicant_phone"}

Values = Dict[str, Dict[str, Dict[str, Any]]]


def earlier_values(drafts: Sequence[Draft], filings: Sequence[Filing]) -> Values:
    """By for-whom, then field id: {"value", "shown"}.

    Args:
        drafts: of this conversation, the one touched last first.
        filings: of this conversation, oldest first.
    """
    known: Values = {"self": {}, "other": {}}
    for for_whom, values in _newest_first(drafts, filings):
        applicant = {name: values[name] for name in OF_THE_APPLICANT if name in values}
        agent = {name: values[name] for name in OF_THE_AGENT if name in values}
        _offer(known[for_whom], applicant)
        if for_whom == "other":
            _offer(known["other"], agent)
            _offer(known["self"], {_AS_APPLICANT[name]: value for name, value in agent.items() if name in _AS_APPLICANT})
        else:
            themselves = {agent_name: applicant[name] for agent_name, name in _AS_APPLICANT.items() if name in applicant}
            _offer(known["other"], themselves)
    return {for_whom: values for for_whom, values in known.items() if values}


def _offer(known: Dict[str, Dict[str, Any]], values: Mapping[str, Dict[str, Any]]) -> None:
    """Take the values of one person; a different person's are not mixed in with those of a newer filing."""
    for prefix in ("applicant_", "agent_"):
        name = values.get(f"{prefix}name", {}).get("value")
        newer = known.get(f"{prefix}name", {}).get("value")
        if name and newer and name != newer:
            return
    for name, value in values.items():
        known.setdefault(name, value)


def _newest_first(drafts: Sequence[Draft], filings: Sequence[Filing]) -> Iterator[Tuple[str, Dict[str, Dict[str, Any]]]]:
    for draft in drafts:
        if draft.for_whom:
            yield draft.for_whom, _read(draft.fields.items())
    for filing in reversed(filings):
        agent = filing.payload.get("agent") or {}
        fields = {**filing.payload.get("fields", {}), **{f"agent_{name}": value for name, value in agent.items()}}
        yield ("other" if agent else "self"), _read(fields.items())


def _read(values: Iterable[Tuple[str, Any]]) -> Dict[str, Dict[str, Any]]:
    return {
        name: {"value": value, "shown": shown}
        for name, value in values
        if name in (*OF_THE_APPLICANT, *OF_THE_AGENT) and (shown := _shown(value))
    }


def _shown(value: Any) -> str:
    """A value as it may be said: numbers masked."""
    if isinstance(value, Mapping):
        return str(value.get("masked") or value.get("label") or "")
    return value if isinstance(value, str) else ""
