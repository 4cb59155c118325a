"""What people say to a question of the form instead of its value: a lunar day, not yet, the same as before, a question besides."""

from __future__ import annotations

import pytest

from tests.support.autopilot import ITEMS, Filing
from tests.support.filing_talk import HIGH_AGE, UP_TO_THE_NAME, finish, question, start, up_to_address
from tests.support.numbers import mobile
from tests.support.stack import Person

BIRTH = "QS-001"


def test_an_address_with_a_question_is_taken_and_the_question_is_answered(person: Person) -> None:
    up_to_address(person)
    reply = person.says("青山镇龙凤村三组，要交钱不？")
    assert "不收" in reply.text or "钱" in reply.text
    read_back = finish(person).replies[-1].text
    assert "龙凤村三组" in read_back and "要交钱" not in read_back


def test_a_name_with_a_question_is_taken_without_the_question(person: Person) -> None:
    start(person)
    person.says("李秀英，多久能办下来？")
    assert "身份证" in question(person)


def test_without_a_telephone_the_way_on_is_told_and_the_question_stays_open(person: Person) -> None:
    start(person)
    person.says("李秀英", person.id_number)
    reply = person.says("我没得手机")
    assert "座机" in reply.text and "跳过" in reply.text
    assert "电话" in question(person) or "手机" in question(person)


def test_an_id_number_out_of_reach_can_be_skipped(person: Person) -> None:
    start(person)
    person.says("李秀英")
    assert "户口本" in person.says("身份证号我记不得了").text
    person.says("跳过")
    assert "电话" in question(person) or "手机" in question(person)


def test_the_agent_may_have_the_telephone_told_before(person: Person) -> None:
    up_to_agent = Filing(person, ITEMS[HIGH_AGE], {}, for_whom="替别人办")
    up_to_agent.replies.append(person.says(*UP_TO_THE_NAME[:-1]))
    up_to_agent.overrides["您的电话"] = "还是那个电话"
    assert "代办人电话：1" in up_to_agent.run().text


def test_a_lunar_day_is_shown_as_the_solar_one_and_taken_after_a_yes(person: Person) -> None:
    filing = Filing(person, ITEMS[BIRTH], {}, replies=[person.says("娃儿出生登记", "帮我办")])
    filing.overrides["孩子是哪年哪月"] = "今年八月初三"
    asked = filing.run()
    assert "农历八月初三" in asked.text and "2026年9月13" in asked.text
    filing.say("对")
    assert "孩子出生日期：2026年9月13" in filing.run().text


def test_a_day_that_has_not_come_yet_is_never_guessed(person: Person) -> None:
    filing = Filing(person, ITEMS[BIRTH], {}, replies=[person.says("娃儿出生登记", "帮我办")])
    while "孩子是哪年哪月" not in question(person):
        filing.say(filing.answer_to(question(person)) or "")
    assert "先存着" in person.says("还没生").text
    assert "孩子是哪年哪月" in question(person)


@pytest.mark.parametrize("words", ["看看我填了啥", "我都填了些什么"])
def test_what_is_filled_in_can_be_looked_at_on_the_way(words: str, person: Person) -> None:
    asked = up_to_address(person)
    reply = person.says(words)
    assert "李秀英" in reply.text and mobile(5) not in reply.text
    assert question(person) == asked


def test_a_nod_after_something_is_wrong_files_nothing(person: Person) -> None:
    start(person)
    finish(person)
    assert "哪一样" in person.says("有错要改").text
    reply = person.says("嗯")
    assert "提交" in reply.text and not person.cases()
    person.says("提交")
    assert len(person.cases()) == 1


def test_a_question_for_the_case_is_answered_where_an_option_is_asked_for(person: Person) -> None:
    person.says("我妈想认证那个养老金，手机老说人脸不对", "帮我办", "同意", "给我妈办", "刘翠兰", person.id_number, "19800000005")
    asked = question(person)
    reply = person.says("我的件到哪了")
    assert "没对上" not in reply and "没有查到" in reply and question(person) == asked
