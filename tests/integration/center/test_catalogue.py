"""Items, versions, publishing and the snapshot, over HTTP against SQLite and PostgreSQL."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Callable

from bot.adapters.yaml_catalogue import item_from_json, to_json
from bot.domain.item import Item
from tests.support.builders import a_centre, a_filing, an_item, local_facts, write_catalogue
from tests.support.center import MONDAY, RunningCentre

Make = Callable[..., RunningCentre]


def body(item: Item, **local: Any) -> dict[str, Any]:
    return {"item": to_json(item), "local": to_json(local_facts(item.code, **local))}


def publish_new(centre: RunningCentre, item: Item, **dates: str) -> int:
    """Save and publish; gives the item's version."""
    version = int(centre.put(f"items/{item.code}", body(item)).json["version"]["version"])
    answer = centre.post(f"items/{item.code}/publish", {"version": version, **dates})
    assert answer.status == 200, answer.json
    return version


def snapshot(centre: RunningCentre) -> dict[str, Any]:
    folder = centre.var / "catalogue"
    current = json.loads((folder / "current.json").read_text())
    content: dict[str, Any] = json.loads((folder / current["file"]).read_text())
    assert content["version"] == current["version"]
    return content


def in_snapshot(centre: RunningCentre) -> dict[str, int]:
    return {entry["item"]["code"]: entry["version"] for entry in snapshot(centre)["items"]}


def own_item(code: str, name: str) -> Item:
    return an_item(code, name, questions=tuple(f"{name}{n}" for n in range(8)))


def test_files_seed_the_first_version_and_are_published(centre: RunningCentre) -> None:
    assert in_snapshot(centre).items() >= {"QS-901": 1, "QS-902": 1, "QS-903": 1}.items()
    content = snapshot(centre)
    assert content["centre"]["town"] == "白石镇"
    assert item_from_json(content["items"][0]["item"]) == an_item()
    assert (centre.var / "catalogue" / "current.json").stat().st_size < 100


def test_items_are_found_by_name_alias_and_code(centre: RunningCentre) -> None:
    assert [hit["code"] for hit in centre.get("items?q=QS-902").json["items"]][:1] == ["QS-902"]
    assert [hit["code"] for hit in centre.get("items?q=果树证明").json["items"]][:1] == ["QS-903"]
    assert [hit["code"] for hit in centre.get("items?q=领果园登记").json["items"]][:1] == ["QS-902"]
    assert centre.get("items?q=飞机驾照").json["items"] == []
    hit = centre.get("items?q=果树补贴&limit=1").json["items"][0]
    assert hit["catalogue_version"] == 1 and hit["effective_from"] == "2026-01-01"


def test_item_is_read_with_its_local_facts(centre: RunningCentre) -> None:
    answer = centre.get("items/QS-902")
    assert answer.json["item"]["name"] == "果园登记" and answer.json["local"]["window"] == "综合窗口（1号窗口）"
    assert (centre.get("items/QS-000").code, centre.get("items/QS-902?version=99").code) == ("item_not_found", "version_not_found")


def test_draft_changes_nothing_until_it_is_published(centre: RunningCentre) -> None:
    item = own_item("QS-910", "养蜂登记")
    publish_new(centre, item)
    draft = centre.put("items/QS-910", body(replace(item, summary="新的说法。")))
    assert draft.status == 201 and draft.json["version"]["state"] == "draft" and draft.json["findings"] == []
    assert centre.get("items/QS-910").json["catalogue_version"] == 1
    before = snapshot(centre)["version"]
    published = centre.post("items/QS-910/publish", {"version": 2})
    assert published.json["publication"] == before + 1 == snapshot(centre)["version"]
    assert centre.get("items/QS-910").json["item"]["summary"] == "新的说法。"
    assert in_snapshot(centre)["QS-910"] == 2


def test_published_change_is_out_within_a_second(centre: RunningCentre) -> None:
    started = time.monotonic()
    publish_new(centre, own_item("QS-911", "养兔登记"))
    assert "QS-911" in in_snapshot(centre) and time.monotonic() - started < 1


def test_same_content_again_makes_no_new_version(centre: RunningCentre) -> None:
    item = own_item("QS-912", "养鸡登记")
    assert centre.put("items/QS-912", body(item)).status == 201
    again = centre.put("items/QS-912", body(item))
    assert again.status == 200 and again.json["version"]["version"] == 1


def test_every_version_stays_readable_and_versions_can_be_compared(centre: RunningCentre) -> None:
    item = own_item("QS-913", "养鸭登记")
    publish_new(centre, item)
    publish_new(centre, replace(item, department="村委会"))
    versions = centre.get("items/QS-913/versions").json["versions"]
    assert [(v["version"], v["state"], v["in_force"]) for v in versions] == [(1, "published", False), (2, "published", True)]
    assert centre.get("items/QS-913?version=1").json["item"]["department"] == "农业农村办公室"
    changes = centre.get("items/QS-913/diff?from=1&to=2").json["changes"]
    assert {"path": "item.department", "before": "农业农村办公室", "after": "村委会"} in changes
    assert centre.get("items/QS-913/diff?from=1&to=7").code == "version_not_found"
    assert centre.get("items/QS-913/diff?from=1").code == "bad_value"


def test_published_version_cannot_be_published_again(centre: RunningCentre) -> None:
    publish_new(centre, own_item("QS-914", "养鹅登记"))
    assert centre.post("items/QS-914/publish", {"version": 1}).code == "not_a_draft"
    assert centre.post("items/QS-914/publish", {"version": 5}).code == "version_not_found"


def test_item_with_errors_stays_a_draft_and_says_why(centre: RunningCentre) -> None:
    item = own_item("QS-915", "养猪登记")
    saved = centre.put("items/QS-915", body(replace(item, legal_basis=())))
    assert [finding["path"] for finding in saved.json["findings"]] == ["legal_basis"]
    refused = centre.post("items/QS-915/publish", {"version": 1})
    assert (refused.status, refused.code) == (422, "catalogue_not_clean")
    assert "没有法律依据" in refused.json["error"]["message"]


def test_wrong_shape_names_every_place_in_chinese(centre: RunningCentre) -> None:
    wrong = body(own_item("QS-916", "养鱼登记"))
    wrong["item"]["materials"][0]["form"] = "原件"
    wrong["item"]["extra"] = 1
    del wrong["item"]["name"]
    answer = centre.put("items/QS-916", wrong)
    assert (answer.status, answer.code) == (422, "bad_value")
    assert {detail["path"] for detail in answer.json["error"]["details"]} == {"item.materials第1项.form", "item"}
    assert centre.put("items/QS-917", body(own_item("QS-916", "养鱼登记"))).code == "bad_value"


def test_versions_take_effect_and_expire_with_the_clock(new_centre: Make) -> None:
    centre = new_centre().start()
    item = own_item("QS-901", "果树补贴申领")
    publish_new(centre, replace(item, summary="春天起。"), effective_from="2027-03-01")
    assert centre.get("items/QS-901").json["catalogue_version"] == 1
    publish_new(centre, replace(item, summary="临时。"), effective_from="2026-12-01", expires_on="2026-12-31")

    seen = {}
    for now in ("2026-11-30", "2026-12-01", "2026-12-31", "2027-01-01", "2027-02-28", "2027-03-01"):
        centre.set_clock(f"{now}T12:00:00!")
        seen[now] = centre.get("items/QS-901").json["catalogue_version"]
        assert in_snapshot(centre)["QS-901"] == seen[now]
    assert list(seen.values()) == [1, 3, 3, 1, 1, 2]


def test_item_past_its_last_day_is_offered_no_more_but_stays_readable(new_centre: Make, tmp_path: Path) -> None:
    files = write_catalogue(tmp_path / "files", an_item(expires_on=date(2026, 12, 31)), own_item("QS-902", "果园登记"))
    centre = new_centre(files).start()
    assert centre.file(a_filing()).status == 201
    centre.set_clock("2027-01-01T00:00:00!")
    assert in_snapshot(centre) == {"QS-902": 1}
    assert centre.get("items/QS-901").code == "item_not_found"
    assert centre.get("items/QS-901?version=1").status == 200
    assert centre.file(a_filing()).code == "item_not_in_force"
    assert len(centre.get("cases?conversation=web:1").json["cases"]) == 1


def test_running_cases_keep_the_version_they_began_with(centre: RunningCentre) -> None:
    item = own_item("QS-918", "养羊登记")
    publish_new(centre, item)
    first = centre.file(a_filing("web:keeps", item_code="QS-918"))
    publish_new(centre, replace(item, name="养羊备案"))
    late = centre.file(a_filing("web:keeps", item_code="QS-918", catalogue_version=1))
    new = centre.file(a_filing("web:keeps", item_code="QS-918", catalogue_version=2))
    assert [case.json["item_name"] for case in (first, late, new)] == ["养羊登记", "养羊登记", "养羊备案"]
    assert centre.get(f"cases/{first.json['number']}").json["case"]["catalogue_version"] == 1


def test_restart_keeps_edits_and_writes_a_lost_snapshot_again(new_centre: Make) -> None:
    centre = new_centre().start()
    publish_new(centre, replace(an_item(), summary="改过。"))
    before = snapshot(centre)
    centre.stop(kill=True)
    for path in (centre.var / "catalogue").iterdir():
        path.unlink()
    centre.start()
    assert snapshot(centre) == before
    assert centre.get("items/QS-901").json["item"]["summary"] == "改过。"


def test_changed_centre_profile_is_published_at_start(new_sqlite_centre: Make, tmp_path: Path) -> None:
    files = write_catalogue(tmp_path / "files", an_item())
    centre = new_sqlite_centre(files).start()
    before = snapshot(centre)["version"]
    centre.stop()
    other = write_catalogue(tmp_path / "other", centre=a_centre(address="二街2号"))
    (files / "centre" / "profile.yml").write_text((other / "centre" / "profile.yml").read_text())
    content = snapshot(centre.start())
    assert content["version"] == before + 1 and content["centre"]["address"] == "二街2号"


def test_broken_file_stops_the_first_start_with_its_place(new_sqlite_centre: Make, tmp_path: Path) -> None:
    files = write_catalogue(tmp_path / "files", an_item())
    path = files / "catalogue" / "QS-901.yml"
    path.write_text(path.read_text().replace("form: copy", "form: 复印", 1))
    centre = new_sqlite_centre(files)
    try:
        centre.start()
    except RuntimeError as error:
        assert "QS-901.yml：materials第1项.form：只能填" in str(error)
    else:
        raise AssertionError("it started")


def test_clock_stands_where_it_was_told(centre: RunningCentre, monday: None) -> None:
    centre.set_clock("2026-12-15T09:00:00!")
    assert centre.file(a_filing()).json["filed_at"] == "2026-12-15T09:00:00+08:00"
    assert centre.post("test/clock", {"now": "morgen"}).code == "bad_value"
    centre.set_clock(MONDAY)
