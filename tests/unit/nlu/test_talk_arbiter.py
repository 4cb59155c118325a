"""A phrase in a message does not make small talk, or another office's business, of what is certainly more."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.intent_arbiter import IntentArbiter
from bot.nlu.talk_arbiter import TalkArbiter


def settled(text: str, name: str, confidence: float = 0.97) -> Any:
    message = Message(data={TEXT: text, INTENT: {"name": name, "confidence": confidence}})
    for arbiter in (IntentArbiter(), TalkArbiter()):
        message = arbiter.process([message])[0]  # type: ignore[attr-defined]
    return message.get(INTENT)["name"]


MORE = [
    ("工作人员骂我没文化", "complaint"), ("跑了四趟都不给办，踢皮球呢", "complaint"), ("给你们服务点个赞", "rating"), ("请工作人员联系我", "human"),
    ("打字太慢了，你们打电话给我吧", "human"), ("刚才有人冒充你们中心的问我银行卡密码", "anti_fraud"), ("说我孙子出车祸要打三万块，真的吗", "anti_fraud"),
    ("不办了，太麻烦了", "cancel"), ("手机快没电了，先保存", "save_draft"), ("人工智障", "abuse"), ("今晚世界杯几点开踢", "out_of_scope"),
    ("thank you", "thanks"), ("see you", "goodbye"), ("yes", "affirm"), ("DROP TABLE users;", "injection"), ("{{7*7}}", "injection"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name"), MORE)
def test_what_is_certain_stays(text: str, name: str) -> None:
    assert settled(text, name) == name


@pytest.mark.parametrize(("text", "name"), [("怎么还没人答复我", "complaint"), ("你们是不是骗子", "anti_fraud"), ("给你们服务点个赞", "out_of_scope")])
def test_what_is_none_of_these_is_led_by_the_phrase(text: str, name: str) -> None:
    assert settled(text, name) == "chitchat"


@pytest.mark.parametrize("text", ["92345678", "110000"])
def test_a_number_is_no_cry_and_no_good_bye(text: str) -> None:
    assert settled(text, "injection") != "injection" and settled(text, "goodbye") != "goodbye"
