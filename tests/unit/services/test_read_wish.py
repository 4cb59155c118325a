from __future__ import annotations

import pytest

from bot import bootstrap

WISHES = bootstrap.wish_words()

MEANT = {
    "delete": ["把我填的都删了", "草稿删了吧", "全都删掉", "我写的那些都给我清掉"],
    "withdraw": ["这个件我不办了，撤回吧", "撤回申请", "交上去的不要了", "BJ-261123-0001-3不办了"],
    "compare": ["低保和特困有啥不一样", "补领和换领我该办哪个", "我该办低保还是临时救助", "老年证和高龄津贴是一回事吗"],
    "next_matter": ["下一件", "好，下一件吧", "先说第三件", "跳过这件，说下一件"],
    "later_matters": ["还有哪几件没说", "还剩几件"],
    "stop_matters": ["后面的不用说了", "其他的不问了"],
    "ask_on": ["还想问问", "我再问问"],
    "show_filled": ["看看我填了啥", "我都填了什么", "填的给我看看"],
    "back": ["上一步", "退回去", "返回上一题"],
    "revoke": ["撤销委托", "我不要他替我办了", "委托取消"],
    "life_event": ["生了娃要办哪些手续", "老人走了要办些什么", "开个小店要跑哪些手续", "退休一件事", "结婚要办哪些事"],
    "supply": ["让补什么", "还要补什么材料", "我来补材料", "身份证要补什么"],
    "change_visit": ["改约到周四上午", "预约日子改成周四", "换个时间去"],
    "cancel_visit": ["取消预约", "我明天来不了，取消预约", "预约不要了"],
    "book_visit": ["预约", "我想预约明天上午去", "约个时间"],
    "skip": ["这个先跳过", "等会再填", "想不起来了", "我记不清了，先填后面的"],
}
NOT_MEANT = [
    "算了不办了", "取消", "第二个", "李秀英", "李家村三组12号", "不要删", "我填的会不会被删掉？", "身份证丢了想换", "低保和高龄津贴都想办",
    "残疾证能跟低保一起办吗", "执照想注销", "材料等会再带来行吗", "这个最后发什么证", "我要投诉，撤了他的职", "补办身份证",
    "生了娃怎么上户口", "结婚登记要带啥", "老人过世了火化费能免吗", "结婚登记要预约不",
]  # fmt: skip


@pytest.mark.parametrize(("wish", "text"), [(wish, text) for wish, texts in MEANT.items() for text in texts])
def test_a_wish_is_read(wish: str, text: str) -> None:
    assert WISHES.find(text) == wish


@pytest.mark.parametrize("text", NOT_MEANT)
def test_other_talk_is_no_wish(text: str) -> None:
    assert WISHES.find(text) is None


def test_a_story_is_no_wish() -> None:
    assert WISHES.find("我跟你说，" * 20 + "撤回") is None


def test_every_wish_leads_to_a_rule() -> None:
    assert set(bootstrap.WISH_INTENTS) == set(MEANT)


def test_only_a_whole_wish_overrules_a_cry_for_help() -> None:
    assert WISHES.is_whole("想不起来了") and not WISHES.is_whole("救命，先跳过这个")
