"""People send a matter in pieces, point back at it in a word, and speak as they do at home."""

from __future__ import annotations

import pytest

from tests.support.filing_talk import start
from tests.support.stack import Person


@pytest.mark.parametrize(
    ("pieces", "item"),
    [(("我想问哈，我屋头那个房子要翻修，需要办啥子手续不", "就是拆了重新盖，地基不变"), "农村村民宅基地审批"),
     (("我妈今年84", "那个老人的钱咋个领"), "高龄津贴申领"),
     (("我娃刚满月", "上到我户口本上"), "出生登记")],
)  # fmt: skip
def test_a_matter_in_two_pieces_is_found(pieces: tuple[str, ...], item: str, person: Person) -> None:
    person.says(*pieces)
    assert item in str(person.last)


def test_a_word_out_of_its_name_means_the_item_in_hand(person: Person) -> None:
    person.says("残疾人两项补贴咋领")
    assert "“困难残疾人生活补贴和重度残疾人护理补贴给付”您想问哪一样" in person.says("补贴的事呢")


@pytest.mark.parametrize(
    ("asked", "answer"), [("要居住证吗", "要的：\n• 居住证"), ("要不要带户口本", "要的：\n• 居民户口簿"), ("用带结婚证不", "没有写要“结婚证”")]
)
def test_whether_one_paper_is_wanted_is_answered(asked: str, answer: str, person: Person) -> None:
    if "都不是" in person.says("娃六岁了要上小学，外地户口，咋个报名").buttons:
        person.says("义务教育阶段入学登记")
    assert answer in person.says(asked), str(person.last)


def test_another_item_is_not_told_twice_in_the_middle_of_filing(person: Person) -> None:
    start(person)
    first = person.says("身份证丢了要带啥")
    assert "居民户口簿" in first
    assert "居民户口簿" not in person.says("身份证丢了要带啥")


def test_what_makes_no_sense_in_the_middle_of_filing_is_not_taken_for_a_new_matter(person: Person) -> None:
    asked = start(person)
    reply = person.says("乌拉那要几个嘛呢")
    assert "要办哪件事" not in reply and reply.messages[-1]["text"] == asked


@pytest.mark.parametrize("said", ["在屋头走的", "屋里过身的"])
def test_options_are_understood_in_dialect(said: str, person: Person) -> None:
    person.says("老人过世了户口咋销")
    assert "您的情况：在家里正常去世" in person.says(said)


@pytest.mark.parametrize("said", ["要好久", "好久能办下来"])
def test_how_long_is_asked_in_sichuan(said: str, person: Person) -> None:
    person.says("身份证丢了咋补")
    assert "要等多久" in person.says(said)


@pytest.mark.parametrize("said", ["那先办居住证嘛", "那就办这个嘛"])
def test_an_order_to_file_is_heard_without_help_me(said: str, person: Person) -> None:
    person.says("居住证咋办")
    assert "咱们来办“居住证申领”" in person.says(said)
