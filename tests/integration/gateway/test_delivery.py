"""Every message comes to its end once and in order, whatever happens to Rasa or to the gateway meanwhile."""

from __future__ import annotations

import time

from tests.integration.gateway.conftest import House
from tests.support.gateway import Page

WAIT = "正在为您查"
SORRY = "对不住"


def test_messages_of_a_person_are_worked_in_order_and_one_at_a_time(house: House) -> None:
    page = house.page().listen()
    house.rasa.delay = 0.05
    for number in range(12):
        page.send(f"第{number}条")
    page.wait_for("echo: 第11条")
    assert house.rasa.messages(page.conversation) == [f"第{n}条" for n in range(12)]
    assert page.texts("bot") == [f"echo: 第{n}条" for n in range(12)]


def test_people_do_not_wait_for_each_other(house: House) -> None:
    house.rasa.delay = 0.5
    pages = [house.page().listen() for _ in range(6)]
    began = time.monotonic()
    for page in pages:
        page.send("在吗")
    for page in pages:
        page.wait_for("echo: 在吗")
    assert time.monotonic() - began < 6 * 0.5
    assert house.rasa.most_at_once > 3


def test_no_more_people_at_once_than_rasa_can_take(house: House) -> None:
    house.rasa.delay = 0.2
    pages = [house.page() for _ in range(14)]
    for page in pages:
        page.send("在吗")
    for page in pages:
        page.listen().wait_for("echo: 在吗")
    assert house.rasa.most_at_once <= 8


def test_while_rasa_is_down_a_person_reads_one_line_and_loses_nothing(house: House) -> None:
    page = house.page().listen()
    house.rasa.stop()
    page.send("第一句")
    page.wait_for(WAIT)
    page.send("第二句")
    page.send("第三句")
    time.sleep(2.5)
    house.rasa.start()
    page.wait_for("echo: 第三句")
    assert page.texts("system") == ["正在为您查，请稍等。"]
    assert page.texts("bot") == ["echo: 第一句", "echo: 第二句", "echo: 第三句"]


def test_a_slow_answer_is_announced_once_and_comes(house: House) -> None:
    page = house.page().listen()
    house.rasa.delay = 3
    page.send("高龄补贴")
    page.wait_for("echo: 高龄补贴")
    assert page.texts() == ["高龄补贴", "正在为您查，请稍等。", "echo: 高龄补贴"]


def test_a_quick_answer_is_not_announced(house: House) -> None:
    page = house.page().listen()
    page.send("你好")
    page.wait_for("echo: 你好")
    time.sleep(2)
    assert page.texts() == ["你好", "echo: 你好"]


def test_a_rasa_without_a_model_counts_as_down(house: House) -> None:
    page = house.page().listen()
    house.rasa.status = 503
    page.send("你好")
    time.sleep(3)
    assert SORRY not in "".join(page.texts())
    house.rasa.status = 200
    page.wait_for("echo: 你好")


def test_an_empty_answer_becomes_one_apology(house: House) -> None:
    page = house.page().listen()
    house.rasa.reply = lambda body: []
    page.send("嗯")
    page.wait_for(SORRY)
    assert len(page.texts("system", "bot")) == 1


def test_a_message_that_rasa_cannot_digest_does_not_block_the_next_one(house: House) -> None:
    page = house.page().listen()
    house.rasa.status = 500
    page.send("怪话")
    page.wait_for(SORRY)
    house.rasa.status = 200
    page.send("正常的话")
    page.wait_for("echo: 正常的话")


def test_an_answer_that_never_comes_is_given_up_after_some_tries(own_house: House) -> None:
    gateway = own_house.gateway
    gateway.stop()
    gateway.options = {**gateway.options, "rasa_timeout": 0.5}
    gateway.start()
    page = own_house.page().listen()
    own_house.rasa.delay = 2
    page.send("想不完的话")
    page.wait_for(SORRY)
    own_house.rasa.complaints.clear()  # a broken-off request goes on inside the stand-in, so two of them overlap there


def test_a_killed_gateway_loses_and_doubles_nothing(own_house: House) -> None:
    gateway, rasa = own_house.gateway, own_house.rasa
    pages = [own_house.page() for _ in range(5)]
    rasa.delay = 0.4
    sent = {page.conversation: [f"{page.conversation[-3:]}之{n}" for n in range(4)] for page in pages}
    for number in range(4):
        for page in pages:
            page.send(sent[page.conversation][number])
    for _ in range(3):  # each time with turns in flight
        time.sleep(0.7)
        gateway.kill()
        gateway.start()
    for page in pages:
        page.listen().wait_for(f"echo: {sent[page.conversation][-1]}")
        assert page.texts("me") == sent[page.conversation]
        assert page.texts("bot") == [f"echo: {text}" for text in sent[page.conversation]]
        assert rasa.messages(page.conversation) == sent[page.conversation]
    repeated = len(rasa.calls) - len({call["message_id"] for call in rasa.calls})
    assert repeated > 0, "no turn was in flight at any kill, the test proved nothing"
    assert {c["message_id"] for c in rasa.calls} == set(rasa.worked)
    rasa.complaints.clear()  # a turn that outlived its gateway overlaps its own repetition


def test_what_was_acknowledged_survives_a_kill_at_once(own_house: House) -> None:
    own_house.rasa.stop()
    page = own_house.page()
    page.send("我刚说完就断电了")
    own_house.gateway.kill()
    own_house.gateway.start()
    own_house.rasa.start()
    page.listen().wait_for("echo: 我刚说完就断电了")


def test_a_message_sent_twice_is_stored_once(house: House) -> None:
    page = house.page().listen()
    first = page.send("帮我办", client_id="abc-1")
    again = page.send("帮我办", client_id="abc-1")
    assert first == again
    page.wait_for("echo: 帮我办")
    page.send("好", client_id="abc-2")
    page.wait_for("echo: 好")
    assert page.texts("me") == ["帮我办", "好"]
    assert house.rasa.messages(page.conversation) == ["帮我办", "好"]


def test_two_people_may_use_the_same_client_id(house: House) -> None:
    one, two = house.page(), house.page()
    one.send("甲", client_id="x")
    two.send("乙", client_id="x")
    two.listen().wait_for("echo: 乙")
    one.listen().wait_for("echo: 甲")


# ---- custody ----


def in_flight(house: House, seconds: float = 1.0) -> Page:
    """A person whose message is with Rasa just now."""
    page = house.page().listen()
    house.rasa.delay = seconds
    page.send("还没答完")
    page.wait(lambda _: any(c["sender"] == page.conversation for c in house.rasa.calls))
    return page


def test_an_answer_is_suppressed_when_a_clerk_took_over_meanwhile(house: House) -> None:
    page = in_flight(house)
    assert house.gateway.move(page.conversation, "claim", 0, holder="li").status_code == 200
    page.wait(lambda p: p.states and p.states[-1]["owner"] == "clerk")
    house.gateway.internal(
        "POST", "/outbox",
        {"conversation": page.conversation, "text": "我是小李", "origin": "clerk", "idempotency_key": page.conversation + "k", "epoch": 1},
    )  # fmt: skip
    page.wait_for("我是小李")
    time.sleep(1.5)
    assert page.texts("bot") == []


def test_a_turn_that_calls_for_a_clerk_may_still_say_so(house: House) -> None:
    page = in_flight(house)
    message_id = next(c["message_id"] for c in house.rasa.calls if c["sender"] == page.conversation)
    assert house.gateway.move(page.conversation, "queue", 0, message_id=message_id).status_code == 200
    page.wait_for("echo: 还没答完")


def test_an_answer_is_suppressed_when_the_conversation_went_away_and_came_back(house: House) -> None:
    page = in_flight(house)
    for epoch, action in enumerate(("queue", "release")):
        assert house.gateway.move(page.conversation, action, epoch).status_code == 200
    time.sleep(1.8)
    assert page.texts("bot") == []


def test_while_a_clerk_has_the_person_rasa_records_in_silence(house: House) -> None:
    page = house.page().listen()
    house.gateway.move(page.conversation, "claim", 0, holder="li")
    page.send("小李你好")
    page.wait(lambda _: any(c["sender"] == page.conversation for c in house.rasa.calls))
    call = next(c for c in house.rasa.calls if c["sender"] == page.conversation)
    assert call["silent"] is True
    time.sleep(0.5)
    assert page.texts() == ["小李你好"]
    house.gateway.move(page.conversation, "release", 1)
    page.send("小李走了吗")
    page.wait_for("echo: 小李走了吗")


def test_a_bot_that_talks_over_a_clerk_is_not_heard(house: House) -> None:
    page = house.page().listen()
    house.rasa.talks_over = True
    house.gateway.move(page.conversation, "claim", 0, holder="li")
    page.send("小李你好")
    page.wait(lambda _: any(c["sender"] == page.conversation for c in house.rasa.calls))
    house.gateway.move(page.conversation, "release", 1)
    page.send("小李走了吗")
    page.wait_for("echo: 小李走了吗")
    assert page.texts("bot") == ["echo: 小李走了吗"]
