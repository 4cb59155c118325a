"""Through the real stack: for every combination of circumstances the notice says what applies and nothing else."""

from __future__ import annotations

import pytest
import yaml

from bot.domain.item import Facts
from tests.support.autopilot import ITEMS, LOCAL, ROOT, THE_TWELVE, consult
from tests.support.notice_check import problems
from tests.support.stack import Person

UNSEEN = yaml.safe_load((ROOT / "tests" / "data" / "unseen_questions.yml").read_text(encoding="utf8"))
CASES = [(code, facts) for code in THE_TWELVE for facts in ITEMS[code].combinations()]


@pytest.mark.parametrize(("code", "facts"), CASES, ids=lambda v: v if isinstance(v, str) else "-".join(v.values()))
def test_the_notice_fits_the_circumstances(code: str, facts: Facts, person: Person) -> None:
    conversation = consult(person, code, UNSEEN[code], facts)
    assert conversation.notice, str(conversation.replies[-1])
    assert problems(conversation.notice, ITEMS[code], LOCAL[code], conversation.facts) == []
    assert "GZ-" in conversation.notice


def test_a_paper_that_only_some_need_is_not_said_to_be_needed_in_any_case(person: Person) -> None:
    reply = person.says("修车铺要办个体户营业执照，要带什么")
    assert "不管哪种情况" in reply and "批准文件" not in reply.text.partition("都要带")[2].partition("。")[0], str(reply)
