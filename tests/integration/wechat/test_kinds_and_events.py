"""E8, E20-E25: every kind of message and event gets a kind answer or `success`, and nothing breaks."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict

import pytest

from tests.support.wechat_world import World, bubbles, eventually, says


@pytest.mark.parametrize("text, arrives", [
    ("/restart", "／restart"),
    ('/inform{"a": "b"}', '／inform{"a": "b"}'),
    ("<xml><Content>1</Content></xml>", "<xml><Content>1</Content></xml>"),
    ("a]]>b", "a]]>b"),
    ("<a href='http://x'>y</a>", "<a href='http://x'>y</a>"),
    ("办老年证👵🏻", "办老年证👵🏻"),
    ("一家👨\u200d👩\u200d👧三口", "一家👨👩👧三口"),  # joiners say nothing
    ("/::)办老年证", "／::)办老年证"),
])  # fmt: skip
def test_e08_odd_texts_arrive_as_what_they_are(world: World, text: str, arrives: str) -> None:
    phone = world.phone()
    phone.says(text, wait=10)
    eventually(lambda: world.rasa.messages(world.conversation(phone)) == [arrives])


def test_e08_blank_text_is_answered_at_once_and_costs_no_send(world: World) -> None:
    phone = world.phone()
    phone.says("   ", wait=10)
    phone.wait_for("没看到文字")
    assert world.rasa.messages(world.conversation(phone)) == [] and bubbles(phone, "kf") == []


def test_e08_a_very_long_text_is_cut_and_the_person_is_told(world: World) -> None:
    phone = world.calm_phone()
    phone.says("长" * 2500, wait=10)
    phone.wait_for("2000")
    eventually(lambda: [len(m) for m in world.rasa.messages(world.conversation(phone))] == [2000])


def test_an_id_number_never_stands_in_the_store_or_the_log(world: World) -> None:
    from tests.support.numbers import id_number

    number = id_number()
    phone = world.phone()
    phone.says(f"我的身份证是{number}", wait=10)
    eventually(lambda: world.rasa.messages(world.conversation(phone)))
    assert number not in world.rasa.messages(world.conversation(phone))[0]
    assert number not in world.all_logs()
    for name in ("gateway.db", "gateway.db-wal"):
        path = world.gateway.folder / name
        assert not path.exists() or number.encode() not in path.read_bytes()


def test_e20_a_recognised_voice_message_is_a_text(world: World) -> None:
    phone = world.phone()
    phone.sends_voice("我想办老年证", wait=10)
    phone.wait_for("echo: 我想办老年证")


@pytest.mark.parametrize("recognition", [None, ""])
def test_e20_an_unrecognised_one_goes_to_a_clerk_with_a_time(world: World, recognition: "str | None") -> None:
    phone = world.phone()
    phone.sends_voice(recognition, wait=10)
    line = phone.wait_for("前回复您")
    assert line["source"] == "passive" and "今天12:15" in line["content"]["text"]  # two hours from a minute past ten
    mine = world.conversation(phone)
    states = "select state, task, promised_at from wechat_attachments where conversation = ?"
    row = eventually(lambda: [r for r in world.rows(states, mine) if r[0] == "stored"])[0]
    assert row[1] == "waiting" and row[2].startswith("2026-11-23T12:15")  # the centre is away: the clerk is told later


def test_e20_a_photo_is_kept_sealed_with_a_date_to_be_thrown_away(world: World) -> None:
    phone = world.phone()
    content = b"\xff\xd8\xff" + b"picture of a paper" * 50
    phone.sends_photo(content, wait=10)
    phone.wait_for("照片收到了")
    mine = world.conversation(phone)
    query = "select id, purge_at, size from wechat_attachments where conversation = ? and state = 'stored'"
    found = eventually(lambda: world.rows(query, mine))[0]
    kept = (Path(world.gateway.folder) / "attachments" / found[0]).read_bytes()
    assert b"picture of a paper" not in kept and found[2] == len(content)
    assert found[1].startswith("2026-12-23")


def test_e20_a_file_that_the_platform_has_lost_ends_as_failed(world: World) -> None:
    phone = world.phone()
    world.wechat.fault("media/get", "errcode", code=40007)
    phone.sends_photo(b"\xff\xd8\xff", wait=10)
    query = "select state from wechat_attachments where conversation = ?"
    eventually(lambda: world.rows(query, world.conversation(phone)) == [("failed",)])


@pytest.mark.parametrize("deed, body, word", [
    ("link", {"title": "t", "description": "d", "url": "https://example.cn"}, "链接我打不开"),
    ("file", {"title": "表格.docx"}, "文件我在这里收不了"),
    ("sticker", {}, "表情收到了"),
    ("video", {}, "视频收到了"),
    ("video", {"short": True}, "视频收到了"),
    ("unknown", {"kind": "hologram", "fields": [["Beam", "1"]]}, "还看不懂"),
    ("location", {"latitude": 29.541, "longitude": 124.471, "label": "村口"}, "李家村便民服务室"),
])  # fmt: skip
def test_e21_every_other_kind_gets_a_kind_answer_that_costs_nothing(
    world: World, deed: str, body: Dict[str, Any], word: str
) -> None:
    phone = world.phone()
    delivery = phone.does(deed, 10, **body)
    assert delivery is not None and [a["reason"] for a in delivery["attempts"]] == ["reply"]
    phone.wait_for(word)
    assert bubbles(phone, "kf") == []


def test_e21_an_unknown_event_is_acknowledged(world: World) -> None:
    phone = world.phone()
    delivery = phone.does("unknown", 10, kind="event", event="brand_new", fields=[["A", "b"]])
    assert delivery is not None and [a["reason"] for a in delivery["attempts"]] == ["success"]


def test_e22_entering_the_chat_is_acknowledged_and_opens_nothing(world: World) -> None:
    phone = world.phone()
    mine = world.conversation(phone)
    before = world.rows("select count(*) from wechat_grants where conversation = ?", mine)
    for _ in range(20):
        delivery = phone.does("enter", 10, latitude=29.5, longitude=124.5)
        assert delivery is None or [a["reason"] for a in delivery["attempts"]] == ["success"]
    assert world.rows("select count(*) from wechat_grants where conversation = ?", mine) == before
    assert world.rasa.messages(mine) == []


def test_e23_following_by_a_code_greets_with_the_place(world: World) -> None:
    phone = world.phone(follows=False)
    phone.does("scan", 10, scene="villages")
    phone.wait_for("村便民服务室")


@pytest.mark.parametrize("scene", ["unheard_of", "x" * 64])
def test_e23_an_unknown_scene_gets_the_ordinary_words(world: World, scene: str) -> None:
    phone = world.phone()
    phone.does("scan", 10, scene=scene)
    phone.wait_for("想问什么")


def test_e23_leaving_takes_the_files_along(world: World) -> None:
    phone = world.phone()
    phone.sends_photo(b"\xff\xd8\xff" * 9, wait=10)
    mine = world.conversation(phone)
    eventually(lambda: world.rows("select 1 from wechat_attachments where conversation = ? and state = 'stored'", mine))
    phone.unfollow(wait=10)
    due = eventually(lambda: world.rows("select purge_at from wechat_attachments where conversation = ?", mine))
    eventually(lambda: world.rows("select 1 from gateway_deletions where conversation = ?", mine))
    assert due[0][0].startswith("2026-12") or due[0][0].startswith("2026-11-23")


def test_e24_menu_words_go_to_the_bot_as_if_typed(world: World) -> None:
    phone = world.phone()
    phone.taps("my_cases", wait=10)
    eventually(lambda: world.rasa.messages(world.conversation(phone)) == ["我的件到哪了"])


def test_e24_the_entry_that_greets_costs_no_send(world: World) -> None:
    phone = world.phone()
    phone.taps("consult", wait=10)
    phone.wait_for("您可以这样问")
    assert bubbles(phone, "kf") == []


def test_e24_an_entry_of_an_old_menu_is_explained(world: World) -> None:
    phone = world.phone()
    phone.does("unknown", 10, kind="event", event="CLICK", fields=[["EventKey", "deleted_long_ago"]])
    phone.wait_for("菜单更新过了")


def test_e25_a_menu_message_has_whole_numbers_and_a_click_means_its_payload(world: World) -> None:
    phone = world.calm_phone()
    world.rasa.reply = says("哪一件？", buttons=["老年证", "高龄补贴"])
    phone.says("我要办")
    line = phone.wait_for("哪一件")
    assert line["kind"] == "msgmenu" and all(item["id"].isdigit() for item in line["content"]["list"])
    phone.chooses("高龄补贴", wait=10)
    mine = world.conversation(phone)
    eventually(lambda: world.rasa.messages(mine)[-1] == "payload of 高龄补贴")


def test_e25_after_a_click_the_choices_are_numbers_and_a_number_leads_back_to_five_sends(world: World) -> None:
    phone = world.calm_phone()
    world.rasa.reply = says("哪一件？", buttons=["老年证", "高龄补贴"])
    phone.says("我要办")
    phone.wait_for("哪一件")
    phone.chooses("老年证", wait=10)
    line = phone.wait_for("1. 老年证")
    assert line["kind"] == "text"
    phone.says("２", wait=10)
    mine = world.conversation(phone)
    eventually(lambda: world.rasa.messages(mine)[-1] == "payload of 高龄补贴")
    triggers = world.rows("select trigger from wechat_grants where conversation = ? order by id", mine)
    assert [t[0] for t in triggers][-2:] == ["menu", "message"]


def test_e25_a_click_on_a_choice_of_earlier_is_explained_and_not_worked(world: World) -> None:
    phone = world.calm_phone()
    world.rasa.reply = says("哪一件？", buttons=["老年证", "高龄补贴"])
    phone.says("我要办")
    phone.wait_for("哪一件")
    phone.says("先不办了")
    phone.wait_for("哪一件")
    first = next(line for line in phone.transcript() if line["kind"] == "msgmenu")
    phone.does("menu_link", 10, id=first["content"]["list"][0]["id"], content="老年证")
    phone.wait_for("之前的选项")
    assert "payload of 老年证" not in world.rasa.messages(world.conversation(phone))


def test_e25_an_id_of_zero_means_the_newest_choice_of_that_name(world: World) -> None:
    phone = world.calm_phone()
    world.rasa.reply = says("哪一件？", buttons=["老年证", "高龄补贴"])
    phone.says("我要办")
    phone.wait_for("哪一件")
    phone.does("menu_link", 10, id="0", content="老年证")
    eventually(lambda: world.rasa.messages(world.conversation(phone))[-1] == "payload of 老年证")


def test_e25_eleven_choices_are_numbers(world: World) -> None:
    phone = world.calm_phone()
    world.rasa.reply = says("哪一件？", buttons=[f"事项{n}" for n in range(11)])
    phone.says("我要办")
    line = phone.wait_for("11. 事项10")
    assert line["kind"] == "text"


def test_an_account_that_may_not_send_menu_messages_gets_numbers(world: World) -> None:
    phone = world.calm_phone()
    world.wechat.fault("message/custom/send", "errcode", code=40200)
    world.rasa.reply = says("哪一件？", buttons=["老年证", "高龄补贴"])
    phone.says("我要办")
    assert phone.wait_for("1. 老年证")["kind"] == "text"
