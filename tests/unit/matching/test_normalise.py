"""What is taken off a text before it is searched for."""

import pytest

from bot.matching.normalise import gist, normalise
from bot.matching.text import clean, clean_name, letters


def test_full_width_and_traditional_letters_become_ordinary_ones():
    assert clean("請問ＡＢＣ身份證") == "请问abc身份证"


def test_vault_tokens_and_long_numbers_are_dropped():
    assert "abc" not in clean("我的号是⟦身份证:abc⟧丢了证")
    assert letters(clean("电话13800138000打不通")) == "电话打不通"


def test_emoji_and_stray_spaces_are_dropped():
    assert letters(clean("身 份 证😀丢了")) == "身份证丢了"


def test_politeness_and_fillers_carry_nothing():
    assert letters(normalise("您好，麻烦问一下，那个身份证咋补啊，谢谢").core) == "身份证咋补"


def test_level_suffixes_are_no_part_of_a_name():
    assert clean_name("医疗机构执业审批（注销）（县级）") == "医疗机构执业审批注销"
    assert clean_name("开具无欠税证明（县级行使）") == "开具无欠税证明"


@pytest.mark.parametrize("text, denied", [
    ("不是办身份证，是户口本丢了", "办身份证"),
    ("我不是要补办，是想注销", "补办"),
    ("不想办低保，想问临时救助", "办低保"),
])
def test_what_is_denied_is_not_searched_for(text, denied):
    spoken = normalise(text)
    assert denied not in spoken.core
    assert any(part in denied for part in spoken.denied)


def test_a_denial_that_is_all_there_is_stays():
    assert normalise("不是本地人").core == "不是本地人"
    assert "不想开" in normalise("店不想开了").core


def test_of_a_story_the_asking_part_is_kept():
    story = ("我是村里的老张，今年收成不好，前几天又下了大雨，路都断了，家里养的两头牛也病了，"
             "我那个身份证在赶集的时候弄丢了，想补一张要带什么，村里人说要去镇上，我也不晓得对不对。")
    core = normalise(story).core
    assert "身份证" in core and "补" in core
    assert len(core) <= 60


def test_a_short_text_is_not_cut():
    assert gist("户口本丢了，咋办") == "户口本丢了，咋办"


@pytest.mark.parametrize("text", ["", " ", "😀😀", "？？？", "⟦手机:x⟧"])
def test_nothing_stays_nothing(text):
    assert letters(normalise(text).core) == ""


@pytest.mark.parametrize("text", ["补贴的事", "补贴那个事情", "补贴这个问题", "想问问补贴的事儿"])
def test_the_matter_of_something_is_that_something(text):
    assert normalise(text).core == "补贴"
