"""Menus, codes, templates, OAuth addresses, MarkFail, faults and knobs: their limits."""

from __future__ import annotations

import random
from typing import Any

import pytest

from bot.wechat_sim.account import Account, ConfigurationError
from bot.wechat_sim.errors import TEXTS, ApiError, error_body
from bot.wechat_sim.faults import FaultError, Faults
from bot.wechat_sim.knobs import KnobError, Knobs
from bot.wechat_sim.markfail import MarkFail
from bot.wechat_sim.media import MediaStore, amr_clip
from bot.wechat_sim.menus import check_menu, leaves
from bot.wechat_sim.notices import Template, check_data
from bot.wechat_sim.oauth import BadAuthorize, check_authorize
from bot.wechat_sim.people import openid_of
from bot.wechat_sim.scenes import Scenes

ITEM_40 = (
    "-1 40001 40002 40003 40004 40007 40008 40013 40014 40029 40163 40033 40037 40125 40164 40200 41001 41002 41004 42001 43002 43004"
    " 43019 43101 44002 44004 45001 45002 45007 45008 45009 45011 45015 45047 45072 45080 45081 45098 46003 47001 47003 48001 48002"
    " 48004 48006 50002 50005 61004 89503"
)


def test_every_published_error_code_has_a_text() -> None:
    assert {int(code) for code in ITEM_40.split()} <= set(TEXTS)


def test_an_error_ends_with_the_number_of_the_request() -> None:
    rng = random.Random(1)
    one, two = (error_body(45047, "", 1714036504, rng)["errmsg"] for _ in range(2))
    assert one.startswith("out of response count limit rid: ") and one != two


# menus

CLICK = {"type": "click", "name": "咨询", "key": "ASK"}


def subs(count: int) -> dict[str, Any]:
    return {"name": "办理", "sub_button": [CLICK] * count}


@pytest.mark.parametrize(
    "buttons",
    [[CLICK], [CLICK, subs(5), {"type": "view", "name": "我的", "url": "http://127.0.0.1/h5"}], [{**CLICK, "name": "五个汉字字"}]],
)
def test_a_menu_within_the_limits_is_kept(buttons: Any) -> None:
    assert [b["name"] for b in check_menu({"button": buttons})["button"]] == [b["name"] for b in buttons]


@pytest.mark.parametrize(
    ("menu", "code"),
    [
        ([], 47001), ({}, 40016), ({"button": []}, 40016), ({"button": [CLICK] * 4}, 40016), ({"button": [subs(6)]}, 40023),
        ({"button": [{**CLICK, "name": ""}]}, 40018), ({"button": [{**CLICK, "name": "六个汉字太长"}]}, 40018),
        ({"button": [{**CLICK, "type": "tap"}]}, 40017), ({"button": [{**CLICK, "key": ""}]}, 40019),
        ({"button": [{**CLICK, "key": "k" * 129}]}, 40019), ({"button": [{"type": "view", "name": "看"}]}, 40020),
        ({"button": [{"type": "view", "name": "看", "url": "http://x/" + "a" * 1020}]}, 40020),
        ({"button": [{"type": "view", "name": "看", "url": "javascript:1"}]}, 40055),
        ({"button": [{"type": "view", "name": "看", "url": "http://["}]}, 40055),
        ({"button": [{"name": "办", "sub_button": [{**CLICK, "name": "a" * 61}]}]}, 40025),
        ({"button": [{"name": "办", "sub_button": [subs(1)]}]}, 40022), ({"button": ["x"]}, 47001),
    ],
)  # fmt: skip
def test_a_menu_beyond_the_limits_is_refused(menu: Any, code: int) -> None:
    with pytest.raises(ApiError) as refused:
        check_menu(menu)
    assert refused.value.code == code


def test_a_button_with_others_below_it_does_nothing_itself() -> None:
    assert [b["key"] for b in leaves(check_menu({"button": [CLICK, subs(2)]}))] == ["ASK"] * 3


# codes

@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"action_name": "QR_X"}, 40053), ({"action_name": "QR_SCENE", "action_info": {}}, 40053),
        ({"action_name": "QR_SCENE", "action_info": {"scene": {"scene_id": 0}}}, 40053),
        ({"action_name": "QR_LIMIT_SCENE", "action_info": {"scene": {"scene_id": 100_001}}}, 40053),
        ({"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "s" * 65}}}, 40053),
        ({"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "s"}}, "expire_seconds": 2_592_001}, 40035),
    ],
)  # fmt: skip
def test_a_code_beyond_the_limits_is_refused(body: Any, code: int) -> None:
    with pytest.raises(ApiError) as refused:
        Scenes(lambda: 0, random.Random(1)).create(body)
    assert refused.value.code == code


def test_a_temporary_code_expires_and_a_permanent_one_does_not() -> None:
    at = [0.0]
    scenes = Scenes(lambda: at[0], random.Random(1))
    scene = {"scene": {"scene_str": "窗口3"}}
    short = scenes.create({"action_name": "QR_STR_SCENE", "action_info": scene})
    long = scenes.create({"action_name": "QR_LIMIT_STR_SCENE", "action_info": scene})
    assert short["expire_seconds"] == 60 and "expire_seconds" not in long
    at[0] = 60
    assert scenes.scan(short["ticket"]) is None and scenes.scan("x") is None
    kept = scenes.scan(long["ticket"])
    assert kept and kept.scene == "窗口3"


# templates

@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("thing1", ["材料齐了", "字" * 20], ["字" * 21, "a\nb", ""]),
        ("phrase1", ["已受理"], ["已受理了完毕", "done"]),
        ("character_string1", ["QS-2026-0001", "a" * 32], ["a" * 33, "号"]),
        ("number1", ["3", "-1.5"], ["三", "1.234"]),
        ("name1", ["林小满", "Lin Xiaoman"], ["字" * 11, "a" * 21, "林 Lin"]),
        ("time1", ["2026年11月23日 10:00", "10:00", "2026-11-23 10:00"], ["明天", "2026-11-23"]),
        ("date1", ["2026年11月23日", "2026-11-23 10:00"], ["23日", "2026"]),
        ("keyword1", ["字" * 20], ["字" * 21, "a\nb"]),
    ],
)
def test_a_field_takes_its_kind_of_value_only(name: str, good: list[str], bad: list[str]) -> None:
    template = Template("T", "t", (name,))
    for value in good:
        assert check_data(template, {name: {"value": value}}) == {name: value}
    for value in bad:
        with pytest.raises(ApiError) as refused:
            check_data(template, {name: {"value": value}})
        assert refused.value.code == 47003 and name in refused.value.detail


@pytest.mark.parametrize(("data", "code"), [("x", 47001), ({}, 47003), ({"thing1": "bare"}, 47003), ({"thing1": {"value": None}}, 47003)])
def test_missing_values_are_named(data: Any, code: int) -> None:
    with pytest.raises(ApiError) as refused:
        check_data(Template("T", "t", ("thing1",)), data)
    assert refused.value.code == code


# media

@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        ("image", b"\x89PNG" + b"x" * (11 << 20), 40009), ("image", b"BM", 40005), ("picture", b"\x89PNG", 40004), ("image", b"", 44001),
        ("voice", b"#!AMR" + b"x" * (2 << 20), 40010), ("voice", b"OggS", 40005), ("video", b"mp4", 40005), ("thumb", b"\x89PNG", 40005),
        ("voice", amr_clip(60.1), 45007), ("voice", b"#!AMR\n" + (b"\x3c" + b"x" * 31) * 3001, 45007),
        ("video", b"\0\0\0\x18ftyp" + b"x" * (10 << 20), 40011), ("thumb", b"\xff\xd8\xff" + b"x" * 65_536, 40012),
    ],
)  # fmt: skip
def test_an_upload_beyond_the_limits_is_refused(kind: str, content: bytes, code: int) -> None:
    with pytest.raises(ApiError) as refused:
        MediaStore(lambda: 0, random.Random(1)).upload(kind, content, 100, 10 << 20)
    assert refused.value.code == code


def test_sixty_seconds_of_voice_are_taken() -> None:
    clips = [amr_clip(60), b"#!AMR\n" + (b"\x3c" + b"x" * 31) * 3000]
    for clip in clips:
        MediaStore(lambda: 0, random.Random(1)).upload("voice", clip, 100, 10 << 20)


def test_media_live_for_three_days() -> None:
    at = [0.0]
    store = MediaStore(lambda: at[0], random.Random(1))
    clip = store.upload("voice", amr_clip(), 3 * 86400, 10 << 20)
    assert (store.state(clip.media_id, "voice"), store.state(clip.media_id, "image")) == ("ok", "media_wrong_type")
    at[0] = 3 * 86400 - 1
    assert store.get(clip.media_id).content == amr_clip()
    at[0] += 1
    assert store.state(clip.media_id, "voice") == "media_expired" and store.state("x", "voice") == "media_unknown"
    with pytest.raises(ApiError, match="40007"):
        store.get(clip.media_id)


# OAuth

GOOD = "appid=wx1&redirect_uri=http%3A%2F%2F127.0.0.1%3A8080%2Fh5&response_type=code&scope=snsapi_base&state=a1"


def test_a_good_address_is_taken() -> None:
    assert check_authorize(GOOD, "wx1", "127.0.0.1")["redirect_uri"] == "http://127.0.0.1:8080/h5"
    assert check_authorize(GOOD.removesuffix("&state=a1"), "wx1", "127.0.0.1").get("state") is None


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("scope=snsapi_base&" + GOOD.replace("&scope=snsapi_base", ""), "parameter_order"),
        (GOOD.replace("&response_type=code", ""), "parameter_order"), ("", "parameter_order"),
        (GOOD.replace("wx1", "wx2"), "appid"), (GOOD.replace("=code", "=token"), "response_type"), (GOOD.replace("_base", "_all"), "scope"),
        (GOOD.replace("a1", "a-1"), "state"), (GOOD.replace("a1", "a" * 129), "state"),
        (GOOD.replace("127.0.0.1", "127.0.0.1.evil.test"), "redirect_domain"), (GOOD.replace("127.0.0.1", "x%40evil.test"), "redirect_domain"),
        (GOOD.replace("http%3A", "javascript%3A"), "redirect_domain"), (GOOD.replace("127.0.0.1", "%5B"), "redirect_domain"),
    ],
)  # fmt: skip
def test_a_bad_address_gets_no_code(query: str, reason: str) -> None:
    with pytest.raises(BadAuthorize, match=f"^{reason}$"):
        check_authorize(query, "wx1", "127.0.0.1")


# the account, MarkFail, faults, knobs

def test_an_account_is_served_on_this_machine_only() -> None:
    account = Account("wx1", "s", "gh_1", "t", "k" * 43, "safe")
    bad_values: list[dict[str, Any]] = [
        {"urls": ["http://api.weixin.qq.com/"]}, {"urls": ["http://127.0.0.1@evil.test/"]}, {"urls": "http://127.0.0.1/"},
        {"urls": ["http://["]}, {"mode": "secret"}, {"mode": 7}, {"aes_key": "short"}, {"token": None},
    ]  # fmt: skip
    for bad in bad_values:
        with pytest.raises(ConfigurationError):
            account.configure(bad)
    assert account.urls == [] and "s" not in account.view().values()


def test_the_account_is_left_alone_for_a_minute_after_five_failures_in_a_minute() -> None:
    marks = MarkFail()
    assert [marks.failed(at, 5, 60, 60) for at in (0, 1, 2, 3)] == [False] * 4 and not marks.is_marked(3)
    assert marks.failed(50, 5, 60, 60) and marks.is_marked(109.9) and not marks.is_marked(110)
    assert [marks.failed(at, 5, 60, 60) for at in (200, 220, 240, 260, 280)] == [False] * 5  # spread out
    assert not any(MarkFail().failed(at, 0, 60, 60) for at in range(20))


def test_a_fault_waits_for_its_calls_and_wears_out() -> None:
    faults = Faults()
    faults.add({"where": "token", "kind": "errcode", "times": 2, "after": 1})
    taken = [faults.take(api) for api in ("menu/get", "token", "token", "token", "token")]
    assert [f is not None for f in taken] == [False, False, True, True, False]
    faults.add({"where": "push", "kind": "delay", "openid": "o1"})
    assert faults.take("push", "o2") is None and faults.take("push", "o1") is not None
    faults.add({"where": "*", "kind": "empty"})
    assert faults.take("push") is None and faults.take("anything") is not None


@pytest.mark.parametrize(
    "fault", [{}, {"where": "token", "kind": "delay"}, {"where": "push", "kind": "empty"}, {"where": "*", "kind": "slow", "seconds": "1"},
              {"where": "*", "kind": "slow", "id": 3}, {"where": "*", "kind": ["slow"]}],
)  # fmt: skip
def test_what_is_no_fault_is_refused(fault: dict[str, Any]) -> None:
    with pytest.raises(FaultError):
        Faults().add(fault)


@pytest.mark.parametrize(
    "turn", [{"nothing": 1}, {"attempts": "3"}, {"attempts": True}, {"quota_overlap": "both"}, {"markfail_pause": -1}, {"future_fields": 1}]
)
def test_knobs_turn_all_or_none(turn: dict[str, Any]) -> None:
    knobs = Knobs()
    with pytest.raises(KnobError):
        knobs.turn({"token_seconds": 60, **turn})
    assert knobs == Knobs()
    knobs.turn({"token_seconds": 60, "answer_budget": 2})
    assert (knobs.token_seconds, knobs.answer_budget) == (60, 2.0)


def test_the_same_person_keeps_the_openid_of_an_account() -> None:
    one = openid_of("wx1", "林小满")
    assert one == openid_of("wx1", "林小满") and len(one) == 28 and one.startswith("o")
    assert len({one, openid_of("wx2", "林小满"), openid_of("wx1", "周大山")}) == 3
