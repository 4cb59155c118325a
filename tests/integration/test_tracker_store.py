"""The window tracker store keeps everything, replays little, and gives Rasa exactly the state that the stock stores give."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any, Dict, Iterator, List

import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, ConversationPaused, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.channels.turn import WholeMessages
from bot.processes.model import ensure_model
from bot.rasa_ext.tracker_store import MINIMUM_WINDOW, WindowTrackerStore
from tests.support.stack import Stack

LONG = os.environ.get("BANGBAN_LONG") == "1"
CONVERSATIONS = 1000 if LONG else 50
TURNS = 18  # a cut comes after 16


@pytest.fixture
def domain() -> Domain:
    return Domain.from_file("domain.yml")


@pytest.fixture
def store(domain: Domain, tmp_path: Path) -> WindowTrackerStore:
    return WindowTrackerStore(domain, url=f"sqlite:///{tmp_path / 'rasa.db'}", window_turns=MINIMUM_WINDOW)


async def turn(store: WindowTrackerStore, sender: str, number: int) -> DialogueStateTracker:
    tracker = await store.get_or_create_tracker(sender)
    tracker.update(UserUttered(f"第{number}句", {"name": "greet"}, message_id=f"{sender}-{number}"), store.domain)
    tracker.update(ActionExecuted("action_greet"))
    tracker.update(SlotSet("misses", number))
    tracker.update(BotUttered(f"答{number}", {"buttons": [{"title": "好", "payload": "好"}]}))
    tracker.update(ActionExecuted("action_listen"))
    await store.save(tracker)
    return tracker


async def test_every_event_is_kept_and_few_are_replayed(store: WindowTrackerStore) -> None:
    for number in range(200):
        await turn(store, "a", number)
    full = await store.retrieve_full_tracker("a")
    window = await store.retrieve("a")
    assert full is not None and window is not None
    assert len(full.events) == 1001  # with the first action_listen
    assert len(window.events) < 2 * MINIMUM_WINDOW * 5 + 20
    assert window.get_slot("misses") == 199


async def test_a_turn_is_stored_once_however_often_it_is_saved(store: WindowTrackerStore) -> None:
    tracker = await turn(store, "a", 1)
    await store.save(tracker)
    await store.save(await store.retrieve("a"))  # type: ignore[arg-type]
    full = await store.retrieve_full_tracker("a")
    assert full is not None and len(full.events) == 6


async def test_replies_of_a_message_already_worked_are_found_by_its_id(store: WindowTrackerStore) -> None:
    await turn(store, "a", 7)
    assert store.replies_to("a", "a-8") is None
    replies = store.replies_to("a", "a-7")
    assert replies is not None
    assert replies[0]["text"] == "答7" and replies[0]["data"]["buttons"][0]["title"] == "好"
    assert store.replies_to("b", "a-7") is None


async def test_a_pause_survives_the_window(store: WindowTrackerStore) -> None:
    tracker = await turn(store, "a", 0)
    tracker.update(ConversationPaused())
    await store.save(tracker)
    for number in range(1, 60):
        tracker = await store.get_or_create_tracker("a")
        tracker.update(UserUttered(f"第{number}句", message_id=str(number)), store.domain)
        await store.save(tracker)
    kept = await store.retrieve("a")
    assert kept is not None and kept.is_paused()
    assert len(kept.events) < 60


async def test_feed_rows_come_with_the_events(store: WindowTrackerStore) -> None:
    await turn(store, "a", 1)
    await turn(store, "b", 2)
    feed = store.feed_after(0, 10)
    assert [(row["sender"], row["kind"]) for row in feed] == [("a", "user"), ("a", "bot"), ("b", "user"), ("b", "bot")]
    assert store.feed_after(feed[1]["id"], 1)[0]["sender"] == "b"


async def test_the_second_net_masks_a_number_that_slipped_through(store: WindowTrackerStore, caplog: pytest.LogCaptureFixture) -> None:
    tracker = await store.get_or_create_tracker("a")
    tracker.update(UserUttered("打 13800138000 找我"), store.domain)
    await store.save(tracker)
    with store.engine.connect() as connection:
        stored = " ".join(row[0] for row in connection.exec_driver_sql("select data from tracker_events"))
    assert "13800138000" not in stored
    assert "personal_number_masked" in caplog.text


def test_a_window_smaller_than_an_undo_can_reach_is_refused(domain: Domain) -> None:
    with pytest.raises(ValueError):
        WindowTrackerStore(domain, url="sqlite://", window_turns=MINIMUM_WINDOW - 1)


def test_no_policy_looks_further_back_than_the_window() -> None:
    import yaml

    config = yaml.safe_load(Path("config.yml").read_text(encoding="utf8"))
    window = yaml.safe_load(Path("endpoints.yml").read_text(encoding="utf8"))["tracker_store"]["window_turns"]
    for policy in config["policies"]:
        # RulePolicy has no max_history, but our rules begin with the last message, so they never need an older event
        assert policy.get("max_history", 0) <= window
    for path in Path("data/rules").glob("*.yml"):
        for rule in yaml.safe_load(path.read_text(encoding="utf8"))["rules"]:
            assert sum("intent" in step for step in rule["steps"]) <= 1


# differential test against the stock stores, through the real policies and the real action server

NUMBERS = [
    {"token": "⟦身份证:aaaaaaaaaa⟧", "kind": "id_number", "verdict": "ok", "masked": "1100001940********", "fingerprint": "f1"},
    {"token": "⟦手机:bbbbbbbbbb⟧", "kind": "mobile", "verdict": "ok", "masked": "19900******", "fingerprint": "f2"},
    {"token": "⟦身份证:cccccccccc⟧", "kind": "id_number", "verdict": "check_digit", "masked": "1100001940********", "fingerprint": "f3"},
]
SENTENCES = (
    ["高龄津贴怎么领", "身份证丢了咋补", "帮我办", "帮我办"] * 2
    + ["同意", "给自己办", "替我妈办", "1", "第二个", "李秀英", "李家村三组12号", "都有", "有", "提交"] * 2
    + [n["token"] for n in NUMBERS] * 2
    + ["要多久", "收费吗", "谢谢", "你好", "电话打错了", "先存着", "继续", "算了不办了", "不办了", "接着办", "我的件到哪了", "/restart", "😀"]
)


@pytest.fixture
async def agent(stack: Stack) -> Any:
    """Rasa in this process with the trained model and the running action server."""
    return Agent.load(str(ensure_model()), action_endpoint=EndpointConfig(f"{stack.config.actions_url}/webhook"))


def conversation(seed: int) -> Iterator[Dict[str, Any]]:
    chooser = random.Random(seed)
    for number in range(TURNS):
        text = chooser.choice(SENTENCES)
        numbers = [n for n in NUMBERS if n["token"] in text]
        yield {"text": text, "message_id": f"{seed}-{number}", "metadata": {"numbers": numbers, "channel": "test"}}


def state(tracker: DialogueStateTracker, said: List[Dict[str, Any]]) -> Dict[str, Any]:
    slots = {k: v for k, v in tracker.current_slot_values().items() if k != "case"}
    return {
        "said": [m.get("text", "").partition("—— ")[0] for m in said],
        "slots": json.dumps(slots, ensure_ascii=False, sort_keys=True),
        "filing": tracker.get_slot("case") is not None,
        "loop": tracker.active_loop_name,
        "paused": tracker.is_paused(),
        "followup": tracker.followup_action,
        "latest_action": tracker.latest_action_name,
    }


async def test_random_conversations_go_the_same_way_as_with_the_stock_stores(agent: Any, stack: Stack, tmp_path: Path) -> None:
    domain = agent.domain
    stores = {
        "stock": InMemoryTrackerStore(domain) if not LONG else SQLTrackerStore(domain, db=str(tmp_path / "stock.db")),
        "window": WindowTrackerStore(domain, url=f"sqlite:///{tmp_path / 'window.db'}"),
    }
    cut_somewhere = False
    for seed in range(CONVERSATIONS):
        for message in conversation(seed):
            states = {}
            for name, store in stores.items():
                agent.processor.tracker_store = agent.tracker_store = store
                output = WholeMessages()
                sender = f"{name}-{seed}"
                await agent.handle_message(
                    UserMessage(message["text"], output, sender, message_id=message["message_id"], metadata=message["metadata"])
                )
                states[name] = state(await store.retrieve(sender), output.messages)  # type: ignore[arg-type]
            reference = states["stock"]
            ours = states["window"]
            for key, value in reference.items():
                if key == "said":
                    value = [_without_numbers(t) for t in value]
                    ours[key] = [_without_numbers(t) for t in ours[key]]
                assert ours[key] == value, f"seed {seed}, {message['message_id']} {message['text']!r}: {key}"
        window = await stores["window"].retrieve(f"window-{seed}")
        full = await stores["window"].retrieve_full_tracker(f"window-{seed}")
        assert window is not None and full is not None
        cut_somewhere = cut_somewhere or len(window.events) < len(full.events)
    assert cut_somewhere


def _without_numbers(text: str) -> str:
    """Our own numbers and look-up codes differ between two filings."""
    import re

    return re.sub(r"(?:BJ|GZ)-[\d-]+|查询码：\d{8}", "N", text)
