from __future__ import annotations

from dataclasses import replace

from bot.adapters.yaml_catalogue import to_json
from bot.domain.catalogue_diff import Change, differences
from bot.domain.item import Material, Need
from tests.support.builders import an_item


def test_same_content_has_no_differences() -> None:
    assert differences(to_json(an_item()), to_json(an_item())) == []


def test_changed_value_is_shown_with_its_place() -> None:
    before, after = to_json(an_item()), to_json(an_item(summary="换了说法。"))
    assert differences(before, after) == [Change("summary", "种果树的，领一份补贴。", "换了说法。")]


def test_materials_are_matched_by_id_not_by_place() -> None:
    item = an_item()
    first, *rest = item.materials
    changed = an_item(materials=(Material(id="new", name="新的", form=first.form, copies=1, issuer="村"), *rest, replace(first, need=Need.OPTIONAL)))
    found = {change.path: change for change in differences(to_json(item), to_json(changed))}
    assert set(found) == {"materials.id_card.need", "materials.new"}
    assert found["materials.id_card.need"].after == "optional"
    assert found["materials.new"].before is None


def test_moved_material_is_one_change() -> None:
    item = an_item()
    moved = an_item(materials=tuple(reversed(item.materials)))
    (change,) = differences(to_json(item), to_json(moved))
    assert change.path == "materials（次序）"


def test_lists_without_ids_are_compared_place_by_place() -> None:
    assert [c.path for c in differences({"a": ["x", "y"]}, {"a": ["x", "z", "w"]})] == ["a[1]", "a[2]"]


def test_entries_of_one_id_twice_are_compared_place_by_place() -> None:
    before = {"m": [{"id": "a", "n": 1}, {"id": "a", "n": 2}]}
    after = {"m": [{"id": "a", "n": 1}, {"id": "a", "n": 3}]}
    assert differences(before, after) == [Change("m[1].n", 2, 3)]
