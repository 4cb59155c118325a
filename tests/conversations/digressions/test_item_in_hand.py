"""With an item in hand, a question about it is answered for it, however it sounds."""

from __future__ import annotations

import pytest

from tests.support.autopilot import ITEMS, LOCAL
from tests.support.filing_talk import filed
from tests.support.stack import Person

ASKED = {
    "我不在家，闺女能替我去不": "别人能不能替您办",
    "啥时候能下来": "要等多久",
    "要跑几趟": "要跑几趟",
    "得花多少钱啊": "要花的钱",
    "复印件中不中": "原件还是复印件",
    "村里能办不": "村里能做什么",
    "手机上能弄不": "网上能不能办",
    "凭啥要这些，哪条规定的": "依据",
    "这个最后发什么证": "办成后拿到",
    "能上门来办不": "能不能上门",
}


@pytest.mark.parametrize("asked", list(ASKED))
def test_a_question_is_answered_for_the_item_in_hand(asked: str, person: Person) -> None:
    person.says("身份证丢了咋补", "1")
    reply = person.says(asked)
    assert f"“{ITEMS['QS-009'].name}”" in reply and ASKED[asked] in reply


def test_when_the_money_comes_is_no_question_about_progress_before_anything_is_filed(person: Person) -> None:
    person.says("庄稼淹了，农业保险咋理赔")
    if "您说的是下面哪一件" in person.last:
        person.says("1")
    reply = person.says("啥时候能赔下来")
    assert "没有查到您交的件" not in reply.text
    assert ITEMS["QS-108"].name in reply.text


def test_when_it_will_be_done_is_about_progress_once_it_is_filed(person: Person) -> None:
    number = filed(person)
    assert number in person.says("我的件办到哪了，啥时候能下来")


def test_the_time_told_is_the_towns_promise(person: Person) -> None:
    person.says("身份证丢了咋补", "1")
    assert str(LOCAL["QS-009"].promised_limits[0].days) in person.says("那啥时候能拿到")


def test_another_matter_beside_the_question_is_offered_though_it_is_not_clear_which(person: Person) -> None:
    person.says("娃要上小学了，咋登记")
    reply = person.says("俺娘没牙了能不能报销")
    assert ITEMS["QS-084"].name in reply.text + "".join(reply.buttons) and "没听明白" not in reply


@pytest.mark.parametrize("asked", ["要带我的身份证不", "要不要带自己的身份证", "用我身份证吗"])
def test_a_paper_asked_for_by_its_owner_is_found_in_the_list(asked: str, person: Person) -> None:
    person.says("我爸在医院走了，户口咋销")
    reply = person.says(asked)
    assert "告知单上没有写" not in reply and "居民身份证（" in reply


def test_whether_they_give_money_is_no_question_for_the_fee(person: Person) -> None:
    reply = person.says("我弟弟脑子不好使，一直没办残疾证，能给他钱不")
    assert "要花的钱" not in reply and ("能领多少" in reply or ITEMS["QS-054"].name in reply.buttons)


def test_a_bare_circumstance_is_no_insult(person: Person) -> None:
    person.says("残疾证多久能办下来")
    assert "您先别急" not in person.says("智力上的")


def test_how_asked_of_another_matter_is_not_answered_with_the_one_in_hand(person: Person) -> None:
    person.says("老伴走了，火化费能减吗")
    reply = person.says("那我婆婆一个人，她的养老金咋办")
    assert "城乡居民基本养老保险" in str(reply) and "火化" not in reply, str(reply)
