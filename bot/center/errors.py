"""出错回复 (chucuo huifu): the one place where a failure becomes an answer.

Every code the API can answer stands here with its status and its Chinese sentence; the OpenAPI document is made from
the same table. No answer contains a stack trace, a value from the request, or a word about what the store holds.
"""

from __future__ import annotations

from typing import Any, Mapping, Optional, Sequence

CODES: Mapping[str, tuple[int, str]] = {
    "bad_json": (400, "请求内容不是有效的 JSON。"),
    "bad_request": (400, "请求的写法不对。"),
    "unauthorized": (401, "没有访问权限，请带上接口令牌。"),
    "not_found": (404, "没有这个地址。"),
    "item_not_found": (404, "没有这个事项，或者它现在不在有效期内。"),
    "version_not_found": (404, "这个事项没有这个版本。"),
    "notice_not_found": (404, "没有这个编号的告知单。"),
    "case_not_found": (404, "没有这个编号的办件。"),
    "document_not_found": (404, "没有这份文书。"),
    "appointment_not_found": (404, "没有这个预约。"),
    "mandate_not_found": (404, "没有这份委托。"),
    "complaint_not_found": (404, "没有这个编号的投诉。"),
    "defect_not_found": (404, "没有这条目录缺陷。"),
    "task_not_found": (404, "没有这个任务。"),
    "case_not_shown": (404, "没有查到可以给您看的办件，请核对编号和查询凭证。"),
    "method_not_allowed": (405, "这个地址不接受这种请求方式。"),
    "idempotency_conflict": (409, "同一个幂等键已经用于另一份内容，请换一个新的键。"),
    "number_taken": (409, "这个办件编号已经被另一件使用。"),
    "illegal_move": (409, "办件现在的状态不能这样操作。"),
    "wrong_level": (409, "办件现在不在这一级。"),
    "parts_open": (409, "还有部门没有同意，不能批准。"),
    "papers_open": (409, "容缺的材料还没有补齐，不能办结。"),
    "nothing_to_supply": (409, "这件现在没有要补的材料。"),
    "slot_taken": (409, "这个时间刚刚约满了，请换一个。"),
    "mandate_not_open": (409, "这份委托现在不能这样操作。"),
    "rating_not_open": (409, "办结以后才能评价。"),
    "rating_closed": (409, "评价已经过了可以修改的时间。"),
    "stale_revision": (409, "办件刚刚有了新的变化，请重新读取后再操作。"),
    "not_a_draft": (409, "这个版本不是草稿，不能发布。"),
    "too_large": (413, "内容太大，最多 1 MB。"),
    "bad_value": (422, "内容里有不合要求的值。"),
    "idempotency_key_missing": (422, "请在 Idempotency-Key 头里给出幂等键（1到128个字母、数字或 -_.:）。"),
    "unknown_item": (422, "没有这个事项。"),
    "unknown_version": (422, "这个事项没有发布过这个版本。"),
    "item_not_in_force": (422, "这个事项或版本现在不在有效期内，不能受理。"),
    "bad_facts": (422, "情形或选项不属于这个事项。"),
    "case_incomplete": (422, "申请内容不完整或不合要求。"),
    "slot_not_open": (422, "这个时间不能预约：窗口不开，或者太近、太远了。"),
    "bad_mandate": (422, "这份委托不能这样写。"),
    "no_mandate": (422, "没有有效的委托，不能替别人办。"),
    "wrong_code": (422, "确认码不对。"),
    "answer_missing": (422, "要写明给群众的答复。"),
    "opinion_missing": (422, "这一步要写明意见。"),
    "personal_number_in_plain_text": (422, "内容里有未加密的证件号、手机号或银行卡号，没有保存。"),
    "catalogue_not_clean": (422, "事项内容还有错误，不能发布。"),
    "too_many_failures": (429, "核对失败次数太多，请稍后再试。"),
    "internal_error": (500, "服务中心出了点问题，请稍后再试。"),
    "unavailable": (503, "服务中心正忙，请稍后再试。"),
}

Detail = Mapping[str, str]


class ApiError(Exception):
    """A failure that the caller is told about."""

    def __init__(
        self,
        code: str,
        message: Optional[str] = None,
        details: Sequence[Detail] = (),
        **extra: Any,
    ) -> None:
        super().__init__(code)
        self.status, default = CODES[code]
        self.code, self.message, self.details, self.extra = code, message or default, tuple(details), extra

    def body(self) -> dict[str, Any]:
        error: dict[str, Any] = {"code": self.code, "message": self.message, **self.extra}
        if self.details:
            error["details"] = [dict(detail) for detail in self.details]
        return {"error": error}


def from_problems(code: str, problems: Sequence[tuple[str, str]]) -> ApiError:
    """An error that lists places: `path` and what is wrong there."""
    details = [{"path": path, "text": text} for path, text in problems[:100]]
    first = "；".join(f"{path}：{text}" if path else text for path, text in problems[:5])
    return ApiError(code, f"{CODES[code][1]}{first}。", details)
