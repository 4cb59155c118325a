"""What every channel says of the candidates for a query: the numbers that the learned ranking weighs."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz

from bot.matching import actions
from bot.matching.index import COARSE, Index
from bot.matching.query import Query, sounds
from bot.matching.sparse import Weighted
from bot.matching.text import points

SHORT_LIST = 40
_SOFT = 5  # lexicon entries that are near in meaning without being said
_SOFT_FROM = 0.35
_QUICK = {"name": 1.0, "terms": 1.3, "soft": 0.4, "said": 0.12, "sound": 0.5, "seek": 1.5, "centre": 1.5}
_FIRM_NAME = re.compile(r"单位|企业|公司|机构|用人|工程建设项目")

BASE = (
    "name_cos", "name_cover", "heard_cos", "all_cover", "terms_cos", "term_best", "term_sum", "term_share", "soft_best",
    "said_doc", "said_cos", "said_two", "sound_cos", "seek_name", "place_name", "centre", "mean_said", "mean_three",
    "partial", "ratio", "word_cover", "agree", "missing", "unserved", "plain_new", "plain_none", "length", "denied",
    "firm_both", "firm_only", "has_said", "heard_used", "all_used", "terms_used",
    "tail_cos", "tail_used", "tail_term", "early_term",
)
NAMES = BASE + tuple(f"agree_{actions.ACTIONS[n]}" for n in actions.SPECIFIC) + tuple(
    f"miss_{actions.ACTIONS[n]}" for n in actions.SPECIFIC)
_SPECIFIC = np.asarray(actions.SPECIFIC)


@dataclass(frozen=True)
class ShortList:
    """Candidates (item numbers) and one row of features for each, in the order of NAMES."""

    items: np.ndarray
    features: np.ndarray
    known: float  # how much of the question consists of letters that some name or example has
    foreign: int  # words for the business of others that no candidate's name has


@dataclass(frozen=True)
class _Pieces:
    """The query as weighted grams of names: itself, as heard, and the terms of the lexicon, one by one and merged."""

    core: Weighted
    heard: Weighted
    terms: list[Weighted]
    term_weights: np.ndarray
    owners: np.ndarray
    near: list[Weighted]
    near_weights: np.ndarray
    merged: Weighted


def short_list(index: Index, query: Query, seek: np.ndarray, place: np.ndarray, soft: bool = True) -> ShortList:
    """The candidates for a query and their features.

    Args:
        index: the items.
        query: the question, read.
        seek: its meaning, for comparing with names.
        place: its meaning, for comparing with questions.
        soft: whether the lexicon vectors of the index belong to the lexicon in use.
    """
    pieces = _pieces(index, query, place, soft)
    said = index.by_said.score(index.by_said.query([points(query.heard)]))
    sound = _by_item(index.by_sound.score(index.by_sound.query([sounds(query.core)])), index.name_starts)
    names = index.by_name
    quick = (
        _QUICK["name"] * _by_item(names.score(pieces.heard), index.name_starts)
        + _QUICK["terms"] * _by_item(names.score(pieces.merged), index.name_starts)
        + _QUICK["soft"] * _by_item(names.score(_merge(pieces.near, pieces.near_weights)), index.name_starts)
        + _QUICK["said"] * said
        + _QUICK["sound"] * sound
        + _QUICK["seek"] * _by_item(index.name_coarse @ seek[:COARSE], index.name_starts)
    )
    if len(index.centre_items):
        quick[index.centre_items] += _QUICK["centre"] * np.maximum(index.centre_coarse @ place[:COARSE], 0.0)
    count = min(SHORT_LIST, len(index))
    items = np.sort(np.argpartition(-quick, count - 1)[:count]) if count < len(index) else np.arange(len(index))
    table = dict(zip(BASE, np.zeros((len(BASE), len(items)), dtype=np.float32)))
    table["said_doc"], table["sound_cos"] = said[items], sound[items]
    _of_names(table, index, items, query, pieces, seek, place)
    _of_questions(table, index, items, query, place)
    _of_strings(table, index, items, query)
    marks = _of_actions(table, index, items, query)
    heard = points(query.heard)
    return ShortList(items, np.stack([table[name] for name in BASE] + marks, axis=1).astype(np.float32),
                     known=max(index.by_name.known(heard), index.by_said.known(heard)),
                     foreign=sum(not any(word in index.cores[item] for item in items.tolist()) for word in query.elsewhere))


def _by_item(rows: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """The best row of every item; every item has at least its name."""
    return rows if len(rows) == len(starts) - 1 else np.maximum.reduceat(rows, np.asarray(starts[:-1]))


def _pieces(index: Index, query: Query, place: np.ndarray, soft: bool) -> _Pieces:
    names = index.by_name
    core = names.query([points(query.core), points(query.rest)], (1.0, 0.3))
    heard = core if query.heard == query.core else names.query([points(query.heard), points(query.rest)], (1.0, 0.3))
    terms = [(term, hit.weight, owner) for owner, hit in enumerate(query.hits) for term in hit.entry.terms]
    grams = [names.query([points(term)]) for term, _, _ in terms]
    # A term of which half stands in no name at all (农药 in 农药经营许可) must not match by its other half.
    weights = np.asarray([weight * names.known(points(term)) ** 0.5 for term, weight, _ in terms], dtype=np.float32)
    near = _near_terms(index, query, place) if soft else []
    return _Pieces(
        core=core, heard=heard, terms=grams, term_weights=weights,
        owners=np.asarray([owner for _, _, owner in terms], dtype=np.int64),
        near=[names.query([points(term)]) for term, _ in near],
        near_weights=np.asarray([weight for _, weight in near], dtype=np.float32),
        merged=_merge(grams, weights),
    )


def _near_terms(index: Index, query: Query, place: np.ndarray) -> list[tuple[str, float]]:
    """Terms of lexicon entries that mean nearly what was asked, though other words were used."""
    likeness = index.lexicon_coarse @ place[:index.lexicon_coarse.shape[1]]
    if len(likeness) <= _SOFT:
        return []
    said = {hit.number for hit in query.hits}
    best = np.argpartition(-likeness, _SOFT)[:_SOFT].tolist()
    return [(term, float(likeness[number])) for number in best
            if number not in said and likeness[number] > _SOFT_FROM for term in index.lexicon_terms[number]]


def _merge(pieces: list[Weighted], weights: np.ndarray) -> Weighted:
    merged: Weighted = {}
    for piece, weight in zip(pieces, weights.tolist()):
        for place, value in piece.items():
            if value * weight > merged.get(place, 0.0):
                merged[place] = value * weight
    return merged


def _rows(starts: np.ndarray, items: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of some items, the number (in the list) of the item each belongs to, and where each item begins."""
    begin = starts[items]
    sizes = starts[items + 1] - begin
    cuts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    rows = np.repeat(begin - cuts, sizes) + np.arange(int(sizes.sum()))
    return rows, np.repeat(np.arange(len(items)), sizes), cuts


def _of_names(table: dict[str, np.ndarray], index: Index, items: np.ndarray, query: Query, pieces: _Pieces,
              seek: np.ndarray, place: np.ndarray) -> None:
    """Shared letters and meaning with names and aliases: of the question and of what the lexicon makes of it."""
    rows, _, cuts = _rows(index.name_starts, items)
    table["seek_name"] = np.maximum.reduceat(index.meaning("name", rows, seek), cuts)
    table["place_name"] = np.maximum.reduceat(index.meaning("name", rows, place), cuts)
    union = dict(pieces.heard)
    for gram, weight in pieces.merged.items():
        union[gram] = max(weight, union.get(gram, 0.0))
    denied = index.by_name.query([points(part) for part in query.spoken.denied])
    tail = index.by_name.query([points(query.heard[query.tail:])])
    cosines, covers, used = index.name_grams.compare(
        [pieces.core, pieces.heard, union, pieces.merged, denied, tail, *pieces.terms, *pieces.near], rows)
    cosines = np.maximum.reduceat(cosines, cuts, axis=1)
    covers = np.maximum.reduceat(covers[1:3], cuts, axis=1)
    table["name_cos"], table["heard_cos"], table["terms_cos"], table["denied"], table["tail_cos"] = cosines[[0, 1, 3, 4, 5]]
    table["name_cover"], table["all_cover"] = covers
    table["heard_used"], table["all_used"], table["terms_used"] = np.maximum.reduceat(used[1:4], cuts, axis=1)
    table["tail_used"] = np.maximum.reduceat(used[5], cuts)
    count = len(pieces.terms)
    if count:
        weighted = cosines[6:6 + count] * pieces.term_weights[:, None]
        table["term_best"] = weighted.max(axis=0)
        by_hit = np.zeros((len(query.hits), len(items)), dtype=np.float32)
        np.maximum.at(by_hit, pieces.owners, weighted)
        table["term_sum"] = np.minimum(by_hit.sum(axis=0), 3.0)
        late = np.asarray([hit.start >= query.tail for hit in query.hits])
        table["tail_term"] = by_hit[late].max(axis=0) if late.any() else table["tail_term"]
        table["early_term"] = by_hit[~late].max(axis=0) if not late.all() else table["early_term"]
        heavy = np.asarray([hit.weight for hit in query.hits], dtype=np.float32)
        table["term_share"] = ((by_hit > 0.25 * heavy[:, None]) * heavy[:, None]).sum(axis=0) / heavy.sum()
    if pieces.near:
        table["soft_best"] = (cosines[6 + count:] * pieces.near_weights[:, None]).max(axis=0)


def _of_questions(table: dict[str, np.ndarray], index: Index, items: np.ndarray, query: Query,
                  place: np.ndarray) -> None:
    """Likeness to the example questions of an item: the best, the best few, and their common middle."""
    rows, owner, _ = _rows(index.said_starts, items)
    if not len(rows):
        return
    cosines, _, _ = index.said_grams.compare([index.by_said.query([points(query.heard)])], rows)
    first, second, _ = _best_three(cosines[0], owner, len(items))
    table["said_cos"], table["said_two"] = first, (first + second) / 2.0
    first, second, third = _best_three(index.meaning("said", rows, place), owner, len(items))
    table["mean_said"], table["mean_three"] = first, (first + second + third) / 3.0
    table["centre"] = index.meaning("centre", items, place)
    table["has_said"][np.unique(owner)] = 1.0


def _best_three(values: np.ndarray, owner: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The three highest values of each owner (0 where there are fewer)."""
    order = np.lexsort((-values, owner))
    values, owner = values[order], owner[order]
    first = np.flatnonzero(np.concatenate(([True], owner[1:] != owner[:-1])))
    rank = np.arange(len(owner)) - np.repeat(first, np.diff(np.append(first, len(owner))))
    out = np.zeros((3, count), dtype=np.float32)
    few = rank < 3
    out[rank[few], owner[few]] = values[few]
    return out[0], out[1], out[2]


def _of_strings(table: dict[str, np.ndarray], index: Index, items: np.ndarray, query: Query) -> None:
    """Likeness of the strings as they stand, whole words in the name, and whom the name speaks to."""
    for number, item in enumerate(items.tolist()):
        name = index.cores[item]
        table["partial"][number] = fuzz.partial_ratio(query.heard, name) / 100.0
        table["ratio"][number] = fuzz.ratio(query.heard, name) / 100.0
        table["word_cover"][number] = sum(len(word) for word in query.words if word in name) / max(8, len(name))
        firm = _FIRM_NAME.search(name) is not None
        table["firm_both"][number] = firm and query.firm
        table["firm_only"][number] = firm and not query.firm
        table["length"][number] = len(name)
    table["length"] = np.log1p(table["length"])


def _of_actions(table: dict[str, np.ndarray], index: Index, items: np.ndarray, query: Query) -> list[np.ndarray]:
    """Whether the name does what is wanted; also one pair of columns for every telling action."""
    asked = np.zeros(len(actions.ACTIONS), dtype=np.float32)
    asked[list(query.actions)] = 1.0
    has = np.asarray(index.actions[items], dtype=np.float32)
    agree = has[:, _SPECIFIC] * asked[_SPECIFIC]
    miss = has[:, _SPECIFIC] - agree
    some = float(asked[_SPECIFIC].sum())
    new = actions.NUMBER["new"]
    table["agree"] = np.minimum(agree.sum(axis=1), 2.0)
    table["missing"] = np.minimum(miss.sum(axis=1), 2.0)
    table["unserved"] = some - agree.sum(axis=1)
    table["plain_new"] = has[:, new] * np.float32(some == 0 or asked[new] > 0)
    table["plain_none"] = (has[:, _SPECIFIC].sum(axis=1) == 0) * np.float32(some == 0)
    return [*agree.T, *miss.T]
