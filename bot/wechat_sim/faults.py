"""故障 (gùzhàng): what goes wrong on purpose (S12). Each fault waits for its calls and wears out after `times`."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Optional

API_KINDS = (
    "errcode", "http", "slow", "slow_after", "reset", "reset_after", "truncated", "html", "empty", "token_revoked", "wrong_content_type",
)  # fmt: skip
PUSH_KINDS = ("duplicate", "delay", "lose_answer", "lose_request")


class FaultError(Exception):
    """Not a fault; the text says what would be one."""


@dataclass
class Fault:
    """`where` is the path of an API without /cgi-bin (message/custom/send; `*` any), or `push`."""

    id: int
    where: str
    kind: str
    times: int = 1
    after: int = 0  # calls that still go well first
    code: int = -1  # errcode or HTTP status
    seconds: float = 1.0
    openid: str = ""  # only this person's


@dataclass
class Faults:
    """Faults waiting to happen."""

    waiting: list[Fault] = field(default_factory=list)
    _next: int = 1

    def add(self, values: dict[str, Any]) -> Fault:
        """Put one in.

        Raises:
            FaultError: a field is not possible.
        """
        where, kind = values.get("where"), values.get("kind")
        kinds = PUSH_KINDS if where == "push" else API_KINDS
        if not isinstance(where, str) or not isinstance(kind, str) or kind not in kinds:
            raise FaultError(f"where is an API path, * or push; kind is one of {', '.join(kinds)}")
        allowed = {"times": int, "after": int, "code": int, "seconds": (int, float), "openid": str}
        extra = {name: value for name, value in values.items() if name not in ("where", "kind")}
        for name, value in extra.items():
            if name not in allowed or not isinstance(value, allowed[name]):  # type: ignore[arg-type]
                raise FaultError(f"{name}={value!r}: a fault has {', '.join(allowed)}")
        fault = Fault(self._next, where, kind, **extra)
        self._next += 1
        self.waiting.append(fault)
        return fault

    def take(self, where: str, openid: str = "") -> Optional[Fault]:
        """The fault of this call, if one waits for it."""
        for fault in self.waiting:
            here = fault.where == where or (fault.where == "*" and where != "push")
            if not here or (fault.openid and fault.openid != openid):
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            fault.times -= 1
            if fault.times <= 0:
                self.waiting.remove(fault)
            return fault
        return None

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self.waiting.clear()

    def view(self) -> list[dict[str, Any]]:
        """JSON shape."""
        return [asdict(fault) for fault in self.waiting]
