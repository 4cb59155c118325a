"""文书 (wenshu): which papers a move of a case brings with it (LP). Pure; what stands in them is put together by the centre."""

from __future__ import annotations

from enum import Enum
from typing import Mapping, Tuple

from bot.domain.case_kind import CaseKind


class DocumentKind(str, Enum):
    """Papers that a case can bring."""

    ACCEPTANCE = "acceptance"  # 受理通知书
    PROMISE = "promise"  # 承诺办理通知书
    SUPPLEMENT = "supplement"  # 一次性补正通知书
    REFUSAL = "refusal"  # 不予受理通知书
    RETURN = "return"  # 退回件通知书
    COMPLETION = "completion"  # 办结通知书


_BY_MOVE: Mapping[str, DocumentKind] = {
    "accept": DocumentKind.ACCEPTANCE,
    "ask_supplement": DocumentKind.SUPPLEMENT,
    "refuse": DocumentKind.REFUSAL,
    "return": DocumentKind.RETURN,
    "give_up_waiting": DocumentKind.RETURN,
    "finish": DocumentKind.COMPLETION,
    "finish_at_once": DocumentKind.COMPLETION,
}
WITH_PROMISE = (CaseKind.PROMISED, CaseKind.JOINT, CaseKind.REPORTED)
"""Kinds that wait for their result get the day in writing."""


def documents_of(move: str, kind: CaseKind) -> Tuple[DocumentKind, ...]:
    """The papers of a move, in the order in which they are numbered."""
    document = _BY_MOVE.get(move)
    if document is None:
        return ()
    if document is DocumentKind.ACCEPTANCE and kind in WITH_PROMISE:
        return document, DocumentKind.PROMISE
    return (document,)
