"""叫法 (jiaofa): the official Chinese word for each state, kind and move."""

from __future__ import annotations

from typing import Mapping

from bot.domain.case import CaseState
from bot.domain.case_documents import DocumentKind
from bot.domain.case_kind import CaseKind, KindReason
from bot.domain.centre import Centre
from bot.domain.deadline import Light
from bot.domain.item import Level as CaseLevel
from bot.domain.rating import Level

APPLICANT, AGENT, SYSTEM = "申请人", "代办人", "系统"

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
    "supply": "补交了一部分材料",
    "pass_up": "报上级",
    "hand_down": "结果返回",
    "answer_part": "联办部门意见",
    "take_over": "接手",
    "hand_in": "容缺材料补交",
}

REASONS: Mapping[KindReason, str] = {
    KindReason.RETURNED: "不符合办理的规定",
    KindReason.PAPERS_MISSING: "材料还不齐，补齐以后接着办",
    KindReason.ON_THE_SPOT: "手续简便，当场办好",
    KindReason.DEPARTMENTS: "要几个部门一起办，由一个窗口牵头",
    KindReason.DECIDED_ABOVE: "要报上级决定，窗口全程负责",
    KindReason.TAKES_TIME: "要审核，先说好哪天办好",
}

LEVELS: Mapping[CaseLevel, str] = {
    CaseLevel.VILLAGE: "村",
    CaseLevel.TOWNSHIP: "镇",
    CaseLevel.COUNTY: "县",
}

RATINGS: Mapping[Level, str] = {
    Level.VERY_GOOD: "非常满意",
    Level.GOOD: "满意",
    Level.FAIR: "基本满意",
    Level.BAD: "不满意",
    Level.VERY_BAD: "非常不满意",
}

DOCUMENTS: Mapping[DocumentKind, str] = {
    DocumentKind.ACCEPTANCE: "受理通知书",
    DocumentKind.PROMISE: "承诺办理通知书",
    DocumentKind.SUPPLEMENT: "一次性补正通知书",
    DocumentKind.REFUSAL: "不予受理通知书",
    DocumentKind.RETURN: "退回件通知书",
    DocumentKind.COMPLETION: "办结通知书",
}

DOCUMENT_LETTERS: Mapping[DocumentKind, str] = {
    DocumentKind.ACCEPTANCE: "SL",
    DocumentKind.PROMISE: "CN",
    DocumentKind.SUPPLEMENT: "BZ",
    DocumentKind.REFUSAL: "BS",
    DocumentKind.RETURN: "TH",
    DocumentKind.COMPLETION: "BJ",
}

_DOCUMENT_WORDS: Mapping[DocumentKind, str] = {
    DocumentKind.ACCEPTANCE: "受",
    DocumentKind.PROMISE: "承",
    DocumentKind.SUPPLEMENT: "补",
    DocumentKind.REFUSAL: "不受",
    DocumentKind.RETURN: "退",
    DocumentKind.COMPLETION: "结",
}


def document_number(town: str, kind: DocumentKind, year: int, serial: int) -> str:
    """文号, as offices write it: 青山镇受字〔2026〕12号."""
    return f"{town}{_DOCUMENT_WORDS[kind]}字〔{year}〕{serial}号"


def signer(centre: Centre, level: CaseLevel) -> str:
    """落款: in whose name a paper is signed. The village collects, the township's centre signs for it."""
    return f"{centre.county}主管部门" if level is CaseLevel.COUNTY else centre.name


LIGHTS: Mapping[Light, str] = {
    Light.GREEN: "正常",
    Light.AMBER: "快到期",
    Light.RED: "今天到期",
    Light.OVERDUE: "超期",
}

MANDATE_REASONS: Mapping[str, str] = {
    "past": "委托的最后一天已经过去了。",
    "too_long": "委托最长一年。",
    "witness_missing": "口头、书面的委托，要写明见证人。",
    "not_open": "这份委托已经确认过，或者已经撤销了。",
    "too_many": "确认码错的次数太多，请重新委托。",
}
