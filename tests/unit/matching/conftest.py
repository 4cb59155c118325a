"""A small made-up catalogue with a toy encoder for the mechanics; the shipped catalogue for behaviour."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import pytest

from bot.matching import Entry, Lexicon, Matcher, UseEncoder, build_index
from bot.matching.evaluate import load_entries
from bot.matching.lexicon import LexiconEntry


class ToyEncoder:
    """Letters and pairs of letters, hashed into 64 dimensions: enough likeness for tests, in no time."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        rows = np.zeros((len(texts), 64), dtype=np.float32)
        for row, text in zip(rows, texts):
            for gram in [*text, *(text[i:i + 2] for i in range(len(text) - 1))]:
                row[zlib.crc32(gram.encode()) % 64] += 1.0
            row /= max(1e-9, float(np.linalg.norm(row)))
        return rows


ITEMS = (
    Entry("A1", "居民身份证补领", "公安", ("身份证补办",), ("身份证丢了怎么补", "身份证不见了")),
    Entry("A2", "居民身份证换领", "公安", (), ("身份证到期了换新的", "身份证磨花了")),
    Entry("A3", "居民户口簿补领、换领", "公安", (), ("户口本丢了",)),
    Entry("A4", "燃气经营许可证新办", "住建"),
    Entry("A5", "燃气经营许可证注销", "住建"),
    Entry("A6", "燃气经营许可证延续", "住建"),
    Entry("A7", "住宅专项维修资金查询", "住建"),
)


@pytest.fixture(scope="session")
def toy_lexicon() -> Lexicon:
    return Lexicon([
        LexiconEntry(("大修基金",), ("住宅专项维修资金",)),
        LexiconEntry(("身份证",), ("居民身份证",)),
        LexiconEntry(("户口本",), ("居民户口簿",)),
        LexiconEntry(("气站", "到期"), ("燃气经营许可证 延续",)),
    ], offtopic=["天气", "笑话"])


@pytest.fixture(scope="session")
def toy_encoder() -> ToyEncoder:
    return ToyEncoder()


@pytest.fixture(scope="session")
def toy_index(toy_encoder, toy_lexicon):
    return build_index(ITEMS, toy_encoder, toy_lexicon)


@pytest.fixture(scope="session")
def toy(toy_index, toy_encoder, toy_lexicon) -> Matcher:
    return Matcher(toy_index, toy_encoder, toy_lexicon)


@pytest.fixture(scope="session")
def shipped() -> Matcher:
    """The shipped catalogue with the bundled encoder and the whole lexicon, as in production."""
    encoder, lexicon = UseEncoder(), Lexicon.load()
    return Matcher(build_index(load_entries("shipped"), encoder, lexicon), encoder, lexicon)
