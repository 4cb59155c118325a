"""叫法 (jiaofa): the official Chinese word for each state, kind and move."""

from __future__ import annotations

from typing import Mapping

from bot.domain.case import CaseKind, CaseState
from bot.domain.rating import Level

STATES: Mapping[CaseState, str] = {
    CaseState.FILED: "已申请",
    CaseState.ACCEPTED: "已受理",
    CaseState.HANDLING: "承办中",
    CaseState.REVIEWING: "审核中",
    CaseState.APPROVED: "已批准",
    CaseState.FINISHED: "已办结",
    CaseState.DELIVERED: "已送达",
    CaseState.ARCHIVED: "已归档",
    CaseState.AWAITING_SUPPLEMENT: "待补正",
    CaseState.RETURNED: "已退回",
    CaseState.WITHDRAWN: "已撤回",
}

KINDS: Mapping[CaseKind, str] = {
    CaseKind.IMMEDIATE: "即办件",
    CaseKind.PROMISED: "承诺件",
    CaseKind.REPORTED: "上报件",
    CaseKind.JOINT: "联办件",
    CaseKind.SUPPLEMENTARY: "补办件",
    CaseKind.RETURNED: "退回件",
}

MOVES: Mapping[str, str] = {
    "file": "申请",
    "accept": "受理",
    "refuse": "不予受理",
    "handle": "承办",
    "submit_review": "报审",
    "back_to_handling": "退回承办",
    "approve": "批准",
    "return": "退回",
    "finish": "办结",
    "finish_at_once": "当场办结",
    "deliver": "送达",
    "archive": "归档",
    "ask_supplement": "告知补正",
    "supplement": "补正齐全",
    "give_up_waiting": "逾期未补正退回",
    "withdraw": "撤回",
}

RATINGS: Mapping[Level, str] = {
    Level.VERY_GOOD: "非常满意",
    Level.GOOD: "满意",
    Level.FAIR: "基本满意",
    Level.BAD: "不满意",
    Level.VERY_BAD: "非常不满意",
}
