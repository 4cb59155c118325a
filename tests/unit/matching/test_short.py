"""Who knows the word says nothing more: very short requests, and very short small talk."""

from __future__ import annotations

import pytest

from bot.matching import Decision, Matcher

SURE = {"上户口": "出生登记", "给娃上户口": "出生登记", "崽上户": "出生登记", "驾照丢了": "机动车驾驶证补领", "五保户": "特困人员认定、救助供养金给付",
        "办社保卡": "社会保障卡申领", "盖房子": "农村村民宅基地审批", "起新屋": "农村村民宅基地审批", "俺要扯证": "内地居民结婚登记",
        "老汉81了有钱领不": "高龄津贴申领"}  # fmt: skip


@pytest.mark.parametrize("text", SURE)
def test_a_word_is_enough(shipped: Matcher, text: str) -> None:
    result = shipped.match(text)
    assert result.ranking[0].name == SURE[text]
    assert result.decision in (Decision.ANSWER.value, Decision.CHOOSE.value)


def test_a_paper_of_several_items_is_a_choice_among_them(shipped: Matcher) -> None:
    result = shipped.match("房产证")
    assert result.decision == Decision.CHOOSE.value and len(result.candidates) >= 2


@pytest.mark.parametrize("text", ["吃了没", "好困", "下雨了", "手机丢了", "种花", "娃娃鱼", "考驾照"])
def test_short_talk_is_not_answered(shipped: Matcher, text: str) -> None:
    assert shipped.match(text).decision in (Decision.REFUSE.value, Decision.CLARIFY.value)


@pytest.mark.parametrize("word", ["补贴", "补贴的事", "登记", "证明", "身份证", "残疾人", "养老保险", "我想问下登记的事情"])
def test_a_word_that_many_items_share_names_none_of_them(shipped, word):
    result = shipped.match(word)
    assert result.decision == "choose" and len(result.candidates) >= 2


@pytest.mark.parametrize("word", ["办", "帮我办", "办理", "代办", "给自己办"])
def test_a_word_for_doing_is_no_item(shipped, word):
    assert shipped.match(word).decision in ("clarify", "refuse")


@pytest.mark.parametrize("word", ["结婚登记", "高龄津贴", "种地补贴", "残疾证", "失业金"])
def test_a_short_name_of_one_item_is_still_answered(shipped, word):
    assert shipped.match(word).decision == "answer"
