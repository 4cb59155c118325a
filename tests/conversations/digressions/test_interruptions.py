"""Questions in the middle, corrections, saving, cancelling: the form goes on at the same question."""

from __future__ import annotations

import pytest

from tests.support.autopilot import ITEMS, Filing
from tests.support.numbers import id_number, mobile
from tests.support.stack import Person

OPENING = ("老人满八十岁的高龄津贴怎么领", "1", "帮我办", "同意", "给自己办")


def start(person: Person) -> str:
    """Begin filing 高龄津贴; the open question (the applicant's name)."""
    person.says(*OPENING)
    return str(person.last.messages[-1]["text"])


def finish(person: Person, **answers: str) -> Filing:
    """Answer what is still asked up to the read-back."""
    filing = Filing(person, ITEMS["QS-057"], {}, replies=[person.last])
    filing.overrides.update(answers)
    filing.run()
    return filing


@pytest.mark.parametrize("aside", ["要钱吗", "这个要多久能下来", "你们几点下班", "谢谢啊", "转人工", "你好", "残疾人证要带啥材料", "周六上班不"])
def test_a_question_in_the_middle_is_answered_and_the_form_asks_again(aside: str, person: Person) -> None:
    question = start(person)
    reply = person.says(aside)
    assert len(reply.messages) >= 2, str(reply)
    assert reply.messages[-1]["text"] == question
    assert person.says("李秀英").messages[-1]["text"] != question


def test_nothing_is_stored_from_a_question(person: Person) -> None:
    start(person)
    person.says("要钱吗", "李秀英", id_number(), mobile(3))
    finish(person)
    assert "李秀英" in person.last
    assert "要钱吗" not in person.last


def test_a_wrong_value_is_corrected_in_plain_words_with_the_new_value(person: Person) -> None:
    start(person)
    person.says("李秀英", id_number())
    phone_question = person.last.messages[-1]["text"]
    person.says(mobile(3))
    after_phone = person.last.messages[-1]["text"]
    assert after_phone != phone_question
    reply = person.says(f"哎呀电话打错了，应该是{mobile(88)}")
    assert "改成" in reply
    assert reply.messages[-1]["text"] == after_phone


def test_a_wrong_value_is_asked_again_when_the_new_one_is_not_given(person: Person) -> None:
    start(person)
    person.says("李秀英", id_number())
    reply = person.says("名字写错了")
    assert "重新填" in reply
    assert "叫什么" in reply.messages[-1]["text"] or "名字" in reply.messages[-1]["text"]


def test_the_number_is_refused_kindly_and_the_question_stays(person: Person) -> None:
    start(person)
    person.says("李秀英")
    question = person.last.messages[-1]["text"]
    assert person.says("110000194003151230").messages[-1]["text"] == question


def test_saved_for_tomorrow_and_resumed(person: Person) -> None:
    start(person)
    person.says("李秀英", id_number())
    question = person.last.messages[-1]["text"]
    assert "存好了" in person.says("我有点事，先存着，明天再说")
    assert "不客气" in person.says("谢谢")
    reply = person.says("继续")
    assert "接着办" in reply
    assert reply.messages[-1]["text"] == question


def test_cancel_asks_once_and_then_deletes(person: Person) -> None:
    start(person)
    person.says("李秀英")
    assert "真的不办" in person.says("算了不办了")
    assert "已经删掉" in person.says("不办了")
    assert "没找到" in person.says("继续")


def test_cancel_can_be_taken_back(person: Person) -> None:
    start(person)
    person.says("李秀英")
    question = person.last.messages[-1]["text"]
    person.says("取消")
    reply = person.says("接着办")
    assert reply.messages[-1]["text"] == question


def test_without_consent_nothing_personal_is_asked(person: Person) -> None:
    person.says("老人满八十岁的高龄津贴怎么领", "1", "帮我办")
    reply = person.says("不同意")
    assert "不记您的信息" in reply
    assert "叫什么" not in reply.text


def test_nothing_is_filed_without_an_explicit_yes(person: Person) -> None:
    start(person)
    person.says("李秀英", person.id_number, mobile(4))
    finish(person)
    for words in ("我再看看", "嗯？", "不对"):
        person.says(words)
        assert "办件编号" not in person.last
    assert person.cases() == []


def test_filing_without_a_required_paper_saves_and_says_what_is_missing(person: Person) -> None:
    start(person)
    person.says("李秀英", person.id_number, mobile(4))
    finish(person, 都备好了吗="有缺的", **{"有吗？要": "现在没有"})
    reply = person.says("提交")
    assert "还没有提交" in reply
    assert person.cases() == []
    assert "有吗" in person.says("继续")


def test_filed_for_a_parent_by_the_daughter(person: Person) -> None:
    person.says("老人满八十岁的高龄津贴怎么领", "1", "帮我办", "同意", "帮我妈办")
    person.says("李秀英", person.id_number, mobile(4))
    finish(person)
    assert "张小红" in person.last
    person.says("提交")
    case = person.cases()[0]
    full = person.stack.center("GET", f"cases/{case['number']}").json()
    assert full["agent"]["name"] == "张小红" and full["agent"]["relation"]
    assert full["applicant"]["name"] == "李秀英"


def test_a_question_about_papers_while_a_circumstance_is_open_is_about_the_item_in_hand(person: Person) -> None:
    person.says("想开个理发店要办啥")
    asked = person.last.messages[-1]["text"]
    reply = person.says("我开店的房子是租的要房产证吗")
    assert "要带的材料" in reply
    assert reply.messages[-1]["text"] == asked
