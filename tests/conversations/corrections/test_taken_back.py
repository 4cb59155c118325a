"""更正: "X，不是Y" changes what Y was chosen for, in a filing and in a notice; denied words choose nothing."""

from __future__ import annotations

from tests.support.filing_talk import start
from tests.support.stack import Person


def test_the_circumstance_taken_back_is_the_one_that_changes(person: Person) -> None:
    person.says("第一次办居住证要什么材料", "有稳定住处", "本人来")
    assert "有稳定住处" in person.last, str(person.last)
    reply = person.says("错了错了，凭工作办，不是凭住处")
    assert "有稳定工作" in reply and "有稳定住处" not in reply.messages[0]["text"][:60], str(reply)


def test_an_item_denied_is_not_told(person: Person) -> None:
    reply = person.says("我说的是改个体户执照那个，不是租房备案")
    assert "房屋租赁登记备案" not in reply and "个体工商户" in reply, str(reply)


def test_a_rhetorical_question_is_no_denial(person: Person) -> None:
    person.says("我的店要换个地方，执照要改吗")
    reply = person.says("我不是说了换地方吗")
    assert "没听准" not in reply, str(reply)


def test_an_address_to_be_changed_is_not_asked_for(person: Person) -> None:
    reply = person.says("个体户，店搬到街对面去了，执照地址要改")
    assert "个体工商户变更登记" in reply, str(reply)


def test_a_refusal_of_consent_is_heard_with_a_question_in_it(person: Person) -> None:
    person.says("老人满八十岁的高龄津贴怎么领", "1", "帮我办")
    reply = person.says("不同意，你们拿去卖咋办")
    assert "不记您的信息" in reply, str(reply)


def test_a_question_with_wait_in_it_is_no_wish_to_skip(person: Person) -> None:
    start(person)
    person.says("李秀英")
    reply = person.says("等下，补办要等多少天？我急着坐火车")
    assert "先空着" not in reply, str(reply)


def test_oneself_is_no_house_of_ones_own(person: Person) -> None:
    person.says("租房子给孩子上学用，租房备案怎么办")
    before = person.last.text
    assert before
    reply = person.says("给我自己，张伟")
    assert "改成" not in reply, str(reply)


def test_whoever_rents_land_is_not_told_to_rent_it_out(person: Person) -> None:
    person.says("租村里的地，流转备案要带什么")
    assert "把自家承包地租出去；" not in person.last
    person.says("本村的农户", "自己签")
    assert "您的情况：租地来种" in person.last, str(person.last)


def test_a_tenant_taken_for_a_landlord_says_so_once(person: Person) -> None:
    person.says("土地流转备案要带什么", "把自家承包地租出去", "本村的农户", "自己签")
    assert "您的情况：把自家承包地租出去" in person.last, str(person.last)
    reply = person.says("错了，我是租村里的，不是租出去")
    assert "您的情况：租地来种（接手的一方）；本村的农户；自己签" in reply, str(reply)
