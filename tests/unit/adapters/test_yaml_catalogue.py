from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.strict_json import StructureError
from bot.adapters.yaml_catalogue import (
    CatalogueError,
    centre_from_json,
    item_from_json,
    load_centre,
    load_items,
    load_local_facts,
    local_from_json,
    to_json,
)
from bot.domain.item import Form
from tests.support.builders import a_centre, an_item, local_facts, write_catalogue


def test_files_are_read_as_they_were_written(tmp_path: Path) -> None:
    files = write_catalogue(tmp_path / "files", an_item(), an_item("QS-902", "别的"))
    items = load_items(files / "catalogue")
    assert list(items) == ["QS-901", "QS-902"] and items["QS-901"] == an_item()
    assert load_local_facts(files / "centre" / "facts")["QS-902"] == local_facts("QS-902")
    assert load_centre(files / "centre" / "profile.yml") == a_centre()


@pytest.mark.parametrize(
    "value,read",
    [
        (an_item(expires_on=date(2027, 1, 1)), item_from_json),
        (local_facts(), local_from_json),
        (a_centre(), centre_from_json),
    ],
)
def test_json_form_is_read_back_equal(value: Any, read: Any) -> None:
    plain = to_json(value)
    assert read(json.loads(json.dumps(plain))) == value
    assert "enum" not in repr(plain).lower() and "<" not in repr(plain)


def test_enums_are_enums_and_not_just_texts() -> None:
    assert item_from_json(to_json(an_item())).materials[0].form is Form.COPY


@pytest.mark.parametrize(
    "place,value,path,text",
    [
        (["name"], 5, "name", "应当是文字"),
        (["name"], None, "name", "应当是文字"),
        (["aliases"], "一个", "aliases", "应当是一个列表"),
        (["materials", 1, "form"], "复印件", "materials第2项.form", "只能填 original"),
        (["materials", 0, "copies"], "1", "materials第1项.copies", "应当是整数"),
        (["materials", 0, "copies"], True, "materials第1项.copies", "应当是整数"),
        (["fees", 0, "amount"], "0", "fees第1项.amount", "应当是数字"),
        (["materials", 1, "when", "land"], "rent", "materials第2项.when.land", "应当是一个列表"),
        (["materials", 1, "when"], [], "materials第2项.when", "名称: 值"),
        (["proxy", "allowed"], "yes", "proxy.allowed", "应当是 true 或 false"),
        (["effective_from"], "2026-1-1", "effective_from", "应当是日期"),
        (["effective_from"], "2026-02-30", "effective_from", "应当是日期"),
        (["visit"], "一次", "visit", "名称: 值"),
        (["steps", 0], "走", "steps第1项", "名称: 值"),
        (["colour"], "red", "", "有不认识的项 colour"),
        (["fees", 0, "source", "page"], 3, "fees第1项.source", "有不认识的项 page"),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(place: list[Any], value: Any, path: str, text: str) -> None:
    data = to_json(an_item())
    inner = data
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    with pytest.raises(StructureError) as caught:
        item_from_json(data)
    ((found, said),) = caught.value.problems
    assert found == path and text in said


def test_all_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    files = write_catalogue(tmp_path / "files", an_item(), an_item("QS-902", "别的"))
    for code in ("QS-901", "QS-902"):
        path = files / "catalogue" / f"{code}.yml"
        path.write_text(path.read_text().replace("form: electronic", "form: 照片").replace("copies: 1", "copies: 一", 1))
    with pytest.raises(CatalogueError) as caught:
        load_items(files / "catalogue")
    assert len(caught.value.problems) == 4 and all(p.startswith("QS-90") for p in caught.value.problems)


def write(folder: Path, text: str, name: str = "QS-901.yml") -> Path:
    (folder / name).write_text(text, encoding="utf8")
    return folder


@pytest.mark.parametrize(
    "text,said",
    [
        ("local: {code: QS-901, code: QS-902}", "“code”写了两次"),
        ("local: {code: [", "YAML 写法有误"),
        ("item: {}", "最上面一层应当只有 local"),
        ("local:\n  code: QS-902", "文件名与编码 QS-902 不一致"),
        ("local: {code: QS-901, window: 2026-01-01}", "应当是文字"),
    ],
)
def test_faulty_files(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        load_local_facts(write(tmp_path, text))
    assert said in str(caught.value) and str(caught.value).startswith("QS-901.yml")


def test_file_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "QS-901.yml").write_bytes("local: {code: 青山镇}".encode("gbk"))
    with pytest.raises(CatalogueError, match="UTF-8"):
        load_local_facts(tmp_path)


def test_yaml_surprises_stay_texts(tmp_path: Path) -> None:
    text = "local: {code: QS-901, window: no, online_address: 14:00, amounts: [{text: 0123}, {text: 110000199001011234}]}"
    facts = load_local_facts(write(tmp_path, text))["QS-901"]
    assert (facts.window, facts.online_address) == ("no", "14:00")
    assert [clause.text for clause in facts.amounts] == ["0123", "110000199001011234"]


def test_missing_optional_parts_are_empty(tmp_path: Path) -> None:
    facts = load_local_facts(write(tmp_path, "local: {code: QS-901}"))["QS-901"]
    assert facts == replace(local_facts(), promised_limits=(), window="")
