"""Building, saving and opening an index."""

import json
import os

import numpy as np
import pytest

from bot.matching import Entry, Index, IndexFormatError, Lexicon, Matcher, build_index

from .conftest import ITEMS, ToyEncoder

QUESTIONS = ("身份证丢了", "户口本不见了", "大修基金还剩多少", "气站的证快到期了", "今天天气好", "")


def test_a_loaded_index_answers_exactly_as_the_one_that_was_saved(toy, toy_index, toy_encoder, toy_lexicon, tmp_path):
    loaded = Index.load(toy_index.save(tmp_path / "v1"))
    again = Matcher(loaded, toy_encoder, toy_lexicon)
    for question in QUESTIONS:
        assert again.match(question) == toy.match(question)


def test_readers_map_the_arrays_instead_of_copying_them(toy_index, tmp_path):
    loaded = Index.load(toy_index.save(tmp_path / "v1"))
    array = loaded.arrays["name_vectors"]
    assert isinstance(array.base, np.memmap) or isinstance(array, np.memmap)
    assert not array.flags.writeable


def test_the_index_holds_no_pickle(toy_index, tmp_path):
    folder = toy_index.save(tmp_path / "v1")
    assert {path.suffix for path in folder.iterdir()} == {".npy", ".json"}
    assert all(not np.load(path, allow_pickle=False).dtype.hasobject for path in folder.glob("*.npy"))


def test_saving_again_replaces_the_folder_and_leaves_nothing_behind(toy_index, toy_encoder, toy_lexicon, tmp_path):
    toy_index.save(tmp_path / "current")
    newer = build_index(ITEMS[:3], toy_encoder, toy_lexicon)
    newer.save(tmp_path / "current")
    assert len(Index.load(tmp_path / "current")) == 3
    assert os.listdir(tmp_path) == ["current"]


def test_a_failed_save_leaves_the_old_index(toy_index, toy_encoder, toy_lexicon, tmp_path, monkeypatch):
    toy_index.save(tmp_path / "current")

    def fail(*_args, **_kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(np, "save", fail)
    with pytest.raises(OSError):
        build_index(ITEMS[:3], toy_encoder, toy_lexicon).save(tmp_path / "current")
    assert len(Index.load(tmp_path / "current")) == len(ITEMS)
    assert os.listdir(tmp_path) == ["current"]


def test_another_format_is_refused(toy_index, tmp_path):
    folder = toy_index.save(tmp_path / "v1")
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    (folder / "meta.json").write_text(json.dumps({**meta, "format": 0}), encoding="utf-8")
    with pytest.raises(IndexFormatError):
        Index.load(folder)
    with pytest.raises(IndexFormatError):
        Index.load(tmp_path / "nowhere")


def test_the_version_follows_the_content(toy_index, toy_encoder, toy_lexicon):
    assert build_index(ITEMS, toy_encoder, toy_lexicon).version == toy_index.version
    assert build_index(ITEMS[1:], toy_encoder, toy_lexicon).version != toy_index.version
    assert build_index(ITEMS, toy_encoder, Lexicon.empty()).version != toy_index.version


def test_a_rebuild_encodes_only_new_texts_and_answers_as_a_fresh_one(toy_index, toy_lexicon):
    class Counting(ToyEncoder):
        texts = 0

        def encode(self, texts):
            self.texts += len(texts)
            return super().encode(texts)

    items = [*ITEMS, Entry("A8", "养犬登记", "公安")]
    counting, plain = Counting(), ToyEncoder()
    rebuilt = build_index(items, counting, toy_lexicon, previous=toy_index)
    assert counting.texts <= 3  # one to learn the width, one new name
    fresh = build_index(items, plain, toy_lexicon)
    first = Matcher(rebuilt, plain, toy_lexicon)
    second = first.with_index(fresh)
    for question in (*QUESTIONS, "养狗要登记吗"):
        assert first.match(question) == second.match(question)


def test_items_may_be_mappings_or_objects(toy_encoder, toy_lexicon):
    index = build_index([{"code": "X", "name": "养犬登记"}, ITEMS[0]], toy_encoder, toy_lexicon)
    assert index.codes == ["X", "A1"]


def test_an_empty_catalogue_refuses(toy_encoder, toy_lexicon):
    result = Matcher(build_index([], toy_encoder, toy_lexicon), toy_encoder, toy_lexicon).match("身份证丢了")
    assert (result.ranking, result.decision) == ((), "refuse")


def test_an_index_of_another_meaning_space_is_refused(toy_index, toy_encoder, toy_lexicon):
    other = Index({**toy_index.meta, "space": "other"}, toy_index.arrays)
    with pytest.raises(IndexFormatError):
        Matcher(other, toy_encoder, toy_lexicon)
