from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.answers import (
    Accepted,
    Answer,
    NotAnAnswer,
    Rejected,
    Sealed,
    instead_of,
    mask_tokens,
    mentioned_option,
    read_choice,
    read_field,
    read_yes_no,
    without_denied,
)
from bot.domain.item import FieldType, FormField, Option

TODAY = date(2026, 11, 22)
SURNAMES = frozenset("李张王赵欧") | {"欧阳"}
WHO = (
    Option("adult", "满16周岁的本人", ("自己", "大人", "本人")),
    Option("minor", "未满16周岁的孩子", ("孩子", "娃", "儿子")),
    Option("other", "别的", ()),
)


def field(kind: FieldType, **more: Any) -> FormField:
    return FormField("f", "某项", kind, "请问？", **more)


def reading(kind: FieldType, text: str, numbers: tuple[Sealed, ...] = (), intent: str = "", sure: float = 0.9, **more: Any) -> Any:
    return read_field(field(kind, **more), Answer(text, numbers, intent, sure), TODAY, SURNAMES)


@pytest.mark.parametrize(
    ("text", "chosen"),
    [("1", "adult"), ("第二个", "minor"), ("2", "minor"), ("选2", "minor"), ("二", "minor"), ("最后一个", "other"),
     ("第一个吧", "adult"), ("给娃办", "minor"), ("未满16周岁的孩子", "minor"), ("我自己", "adult"), ("就第2个", "minor"),
     ("上面那个", "adult"), ("3.", "other")],
)  # fmt: skip
def test_a_choice_is_read_by_number_ordinal_or_words(text: str, chosen: str) -> None:
    option = read_choice(text, WHO)
    assert option is not None and option.id == chosen


@pytest.mark.parametrize("text", ["", "4", "第九个", "今天天气不错", "孩子和大人"])
def test_an_unclear_choice_is_no_choice(text: str) -> None:
    assert read_choice(text, WHO) is None


def test_a_circumstance_named_in_the_first_message_is_not_asked_again() -> None:
    option = mentioned_option("我家孩子的身份证丢了", WHO)
    assert option is not None and option.id == "minor"
    assert mentioned_option("身份证丢了", WHO) is None
    assert mentioned_option("我自己和孩子的都丢了", WHO) is None


@pytest.mark.parametrize("text", ["是", "是的", "对", "好", "好的", "同意", "嗯", "中", "要得", "行", "提交", "没错", "可以", "都对", "OK", "好嘞", "嗯嗯"])
def test_plain_yes(text: str) -> None:
    assert read_yes_no(Answer(text)) is True


@pytest.mark.parametrize("text", ["不", "不是", "不同意", "不要", "先不交", "算了", "不行", "错了", "不对", "别提交", "不用了", "没有"])
def test_plain_no(text: str) -> None:
    assert read_yes_no(Answer(text)) is False


@pytest.mark.parametrize("text", ["可以代办吗", "是不是要带户口本", "好多钱？", "电话打错了", "要多久", "", "我再想想", "行政中心在哪"])
def test_a_question_or_other_words_are_neither_yes_nor_no(text: str) -> None:
    assert read_yes_no(Answer(text)) is None


@pytest.mark.parametrize("text", ["李秀英", "我叫李秀英", "名字是李秀英", "李秀英。", "叫 李秀英", "欧阳娜娜", "买买提·吐尔逊"])
def test_names_are_read_in_the_ways_people_give_them(text: str) -> None:
    assert isinstance(reading(FieldType.NAME, text), Accepted)


@pytest.mark.parametrize("text", ["谢谢", "你好", "转人工"])
def test_small_talk_is_not_a_name(text: str) -> None:
    assert isinstance(reading(FieldType.NAME, text, intent="thanks"), NotAnAnswer)


@pytest.mark.parametrize("text", ["要钱吗", "这个要多久", "什么是容缺"])
def test_a_question_is_not_a_name(text: str) -> None:
    assert isinstance(reading(FieldType.NAME, text, intent="ask_item"), NotAnAnswer)


@pytest.mark.parametrize("text", ["有缺的", "都齐了", "等会儿吧"])
def test_words_that_end_like_a_sentence_are_not_a_name(text: str) -> None:
    assert not isinstance(read_field(field(FieldType.NAME), Answer(text), TODAY, SURNAMES | {"有", "都"}), Accepted)


def test_a_number_is_not_a_name() -> None:
    assert reading(FieldType.NAME, "⟦手机:a⟧", (Sealed("⟦手机:a⟧", "mobile", "ok", "1", "f"),)) == Rejected("name_number")


def test_an_unknown_surname_is_asked_about_and_not_guessed() -> None:
    assert reading(FieldType.NAME, "訾氏人") == Rejected("name_surname", {"said": "訾氏人"})


GOOD = Sealed("⟦身份证:aa⟧", "id_number", "ok", "1100001940****", "fp")
BAD = Sealed("⟦身份证:bb⟧", "id_number", "check_digit", "1100001940****", "fp")


def test_an_id_number_is_stored_as_token_and_shown_masked() -> None:
    got = reading(FieldType.ID_NUMBER, "我的身份证⟦身份证:aa⟧", (GOOD,))
    assert got.value == {"token": "⟦身份证:aa⟧", "kind": "id_number", "masked": "1100001940****", "fingerprint": "fp"}
    assert got.shown == "1100001940****"


def test_a_wrong_id_number_is_refused_with_its_reason() -> None:
    assert reading(FieldType.ID_NUMBER, "⟦身份证:bb⟧", (BAD,)).reason == "id_number_check_digit"


def test_the_corrected_number_in_the_same_message_wins() -> None:
    assert isinstance(reading(FieldType.ID_NUMBER, "⟦身份证:bb⟧不对，是⟦身份证:aa⟧", (BAD, GOOD)), Accepted)


def test_a_mobile_where_an_id_number_is_wanted_is_refused() -> None:
    mobile = Sealed("⟦手机:c⟧", "mobile", "ok", "199****", "f")
    assert reading(FieldType.ID_NUMBER, "⟦手机:c⟧", (mobile,)) == Rejected("id_number_none")


def test_a_question_where_a_number_is_wanted_is_a_question() -> None:
    assert isinstance(reading(FieldType.MOBILE, "为啥要电话？"), NotAnAnswer)


def test_a_birth_date_needs_its_day() -> None:
    assert reading(FieldType.DATE, "去年三月", precision="day").reason == "date_day"
    assert reading(FieldType.DATE, "去年三月").value == "2025-03"


def test_an_optional_field_can_be_left_out() -> None:
    assert reading(FieldType.TEXT, "没有", required=False) == Accepted("", "（不填）")


@pytest.mark.parametrize(("text", "value"), [("5口人", 5), ("三个", 3), ("两千", 2000), ("1.5万", 15000)])
def test_counts_and_amounts_are_read(text: str, value: float) -> None:
    assert reading(FieldType.AMOUNT, text).value == value


@pytest.mark.parametrize("text", ["青山镇李家村三组12号", "我住在李家村二组", "家在县城文昌街8号院1栋"])
def test_addresses_are_taken(text: str) -> None:
    assert isinstance(reading(FieldType.ADDRESS, text), Accepted)


@pytest.mark.parametrize("kind", list(FieldType))
@given(text=st.text(max_size=80))
def test_no_text_breaks_any_reader(kind: FieldType, text: str) -> None:
    assert isinstance(reading(kind, text, options=WHO), (Accepted, Rejected, NotAnAnswer))


CARD = Sealed("⟦银行卡:k3f9a2c7xy⟧", "bank_card", "check_digit", "6222************000", "f")


@pytest.mark.parametrize("text", [f"卡号是 {CARD.token}", CARD.token, f"卡号{CARD.token}，不确定对不对"])
def test_a_number_is_no_address(text: str) -> None:
    assert not isinstance(reading(FieldType.ADDRESS, text, (CARD,)), Accepted)


def test_an_address_is_taken_without_the_number_beside_it() -> None:
    read = reading(FieldType.ADDRESS, f"青山镇李家坝村三组8号，卡号{CARD.token}", (CARD,))
    assert read == Accepted("青山镇李家坝村三组8号", "青山镇李家坝村三组8号")


def test_free_text_is_read_back_with_the_number_masked() -> None:
    read = reading(FieldType.TEXT, f"钱打到{CARD.token}这张卡", (CARD,))
    assert isinstance(read, Accepted) and CARD.masked in read.shown and "⟦" not in read.shown


def test_a_token_that_came_from_elsewhere_is_not_shown() -> None:
    assert mask_tokens("号码⟦银行卡:aaaaaaaaaa⟧", (CARD,)) == "号码（号码已保密）"


@pytest.mark.parametrize(
    ("text", "chosen", "meant"),
    [("第二种，不是大人", "adult", "minor"), ("是孩子，不是大人", "adult", "minor"), ("不是大人，是孩子的", "adult", "minor"),
     ("是孩子，不是大人", "minor", None), ("是孩子", "adult", None), ("不是大人", "adult", None)],
)  # fmt: skip
def test_what_is_taken_back_is_replaced_by_what_is_named(text: str, chosen: str, meant: str | None) -> None:
    option = instead_of(text, WHO, chosen)
    assert (option.id if option else None) == meant


def test_of_two_options_the_other_is_meant_when_one_is_taken_back() -> None:
    option = instead_of("不是大人", WHO[:2], "adult")
    assert option is not None and option.id == "minor"


def test_a_word_denied_right_before_chooses_nothing() -> None:
    card = (Option("card", "换了收钱的卡", ("换卡",)), Option("same", "都没变", ("照常",)))
    chosen = read_choice("没换卡", card)
    assert chosen is None or chosen.id != "card"


@pytest.mark.parametrize("text", ["老人高龄津贴是不是要本人去办", "有没有低保都能领吗"])
def test_asking_whether_denies_nothing(text: str) -> None:
    assert without_denied(text) == text


def test_an_option_in_a_question_whether_is_still_named() -> None:
    options = (Option("self", "本人来", ("本人",)), Option("kin", "家里人来", ("家里人",)))
    chosen = read_choice("是不是本人来", options)
    assert chosen is not None and chosen.id == "self"


@pytest.mark.parametrize("text", ["我替她办", "我去帮他弄", "俺替俺妈领", "我帮我妈办噻"])
def test_whoever_comes_in_somebodys_place_is_the_agent(text: str) -> None:
    options = (Option("self", "老人自己来", ("本人去",)), Option("agent", "家里人替老人办", ("孙子去办",)), Option("home", "上门", ("走不动",)))
    chosen = read_choice(text, options)
    assert chosen is not None and chosen.id == "agent"


def test_a_child_who_helps_is_not_whom_a_thing_is_for() -> None:
    options = (Option("self", "本人来办"), Option("child", "给未成年孩子办", ("孩子", "娃", "儿子")), Option("proxy", "替别的大人办", ("代办",)))
    for text in ("娃儿帮我办", "我儿子替我去"):
        chosen = read_choice(text, options)
        assert chosen is None or chosen.id != "child", text
