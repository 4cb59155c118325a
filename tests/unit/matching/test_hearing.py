"""Homophones and the lexicon."""

import pytest

from bot.matching import Lexicon, pinyin
from bot.matching.homophone import Corrector
from bot.matching.lexicon import LexiconError
from bot.matching.query import Reader
from bot.matching.words import Cutter


@pytest.fixture(scope="module")
def corrector():
    terms = ["社保卡", "户口本", "身份证", "失业金", "仲裁", "猪贩子"]
    return Corrector(terms, Cutter(terms))


@pytest.mark.parametrize("said, meant", [
    ("社宝卡丢了", "社保卡丢了"), ("户口奔找不到", "户口本找不到"), ("劳动中裁", "劳动仲裁"),
])
def test_a_word_that_sounds_like_a_term_is_written_as_the_term(corrector, said, meant):
    assert corrector.correct(said) == meant


@pytest.mark.parametrize("text", ["是不是要带户口本", "今天会下雨", "我不在本地", "租房子"])
def test_ordinary_words_are_left_alone(corrector, text):
    assert corrector.correct(text) == text


@pytest.mark.parametrize("said, meant", [("去哪里备暗", "去哪里备案"), ("执照怎么半理", "执照怎么办理")])
def test_the_words_of_which_official_terms_are_made_are_heard_too(said, meant):
    assert Reader(Lexicon.load()).read(said).heard == meant


def test_flat_and_retroflex_and_nasal_sounds_are_heard_alike():
    assert pinyin.key("身份正") == pinyin.key("身份证")
    assert pinyin.heard("女") == pinyin.heard("旅")


def test_the_longest_expression_counts_most(toy_lexicon):
    hits = toy_lexicon.find("大修基金还剩多少")
    assert [hit.entry.terms for hit in hits] == [("住宅专项维修资金",)]


def test_an_expression_of_several_parts_needs_all_of_them(toy_lexicon):
    assert not toy_lexicon.find("气站在哪里")
    assert toy_lexicon.find("气站的证快到期了")[0].entry.terms == ("燃气经营许可证延续",) or \
        toy_lexicon.find("气站的证快到期了")[0].entry.terms == ("燃气经营许可证 延续",)


def test_a_broken_lexicon_file_is_named(tmp_path):
    (tmp_path / "bad.yml").write_text("field: 试\nwords:\n  证: 证\n", encoding="utf-8")
    with pytest.raises(LexiconError, match="bad.yml"):
        Lexicon.load(tmp_path)


def test_the_shipped_lexicon_is_large_and_covers_the_field():
    lexicon = Lexicon.load()
    assert len(lexicon) >= 1500
    assert len({entry.field for entry in lexicon.entries}) >= 15
    assert len({(entry.parts, entry.terms) for entry in lexicon.entries}) > 0.97 * len(lexicon)
