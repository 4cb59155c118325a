"""The intent model by itself: what it stores is what it learnt; whole utterances come first; nothing is made of nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu.intent_features import normalise
from bot.nlu.intent_model import SURE, IntentModel, Tuning

TEXTS = {
    "ask_item": ["身份证怎么办", "低保要什么材料", "结婚登记要带啥", "残疾证怎么申请", "居住证多少钱", "社保卡哪里补"],
    "goodbye": ["再见", "拜拜了", "我先走了，再见", "回头见", "那我挂了再见", "不聊了再见"],
}


@pytest.fixture(scope="module")
def model() -> IntentModel:
    pairs = [(text, intent) for intent, texts in TEXTS.items() for text in texts]
    return IntentModel.train([t for t, _ in pairs], [i for _, i in pairs], {"身份证": "事", "低保": "事"}, {"goodbye": ["不了"]}, Tuning())


def test_unseen_words_of_the_same_kind_are_understood(model: IntentModel) -> None:
    assert model.rank("残疾证要带什么")[0][0] == "ask_item"
    assert model.rank("那再见啦")[0][0] == "goodbye"


def test_homophones_traditional_script_and_width_make_no_difference(model: IntentModel) -> None:
    assert model.rank("身分正咋办")[0][0] == "ask_item"
    assert model.rank("身份證怎麼辦") == model.rank("身份证怎么办")


def test_a_whole_utterance_is_sure_and_only_as_a_whole(model: IntentModel) -> None:
    assert model.rank("不了！") == model.rank("不 了")
    assert model.rank("不了")[0][0] == "goodbye" and model.rank("不了")[0][1] >= SURE
    assert model.rank("不了解低保要什么材料")[0][0] == "ask_item"


@pytest.mark.parametrize("text", ["", "   ", "😀😀", "……！"])
def test_nothing_is_made_of_nothing(text: str, model: IntentModel) -> None:
    assert model.rank(text) == []


def test_confidences_of_all_labels_sum_to_one(model: IntentModel) -> None:
    assert sum(confidence for _, confidence in model.rank("社保卡丢了", 99)) == pytest.approx(1, abs=1e-3)


def test_what_was_stored_answers_the_same(model: IntentModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    again = IntentModel.load(tmp_path)
    for text in ("残疾证要带什么", "不了", "那再见啦"):
        assert again.rank(text) == model.rank(text)


def test_long_numbers_leave_no_trace() -> None:
    assert normalise("我的号是123456789012") == normalise("我的号是987654321098")
