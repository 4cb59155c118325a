"""From chances to what to do: answer, offer a choice, ask back, or refuse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.matching.types import Decision, Ranked

CHOICES = 3


def decide(ranking: Sequence[Ranked], no_item: float, limits: Mapping[str, float],
           serves: bool, common: bool = False) -> tuple[Decision, tuple[Ranked, ...]]:
    """What to do with a ranking.

    Args:
        ranking: the items with their calibrated confidences, best first.
        no_item: the chance that no item is meant.
        limits: `answer` (confidence from which one item is given), `margin` (its lead over the second),
            `choose` (joint confidence of the choices), `refuse` (chance of no item from which we decline).
        serves: whether the text speaks of some public service at all; such a text is asked back about, not refused.
        common: whether the text is no more than a word that many items share in their names ("补贴"): that names none of them,
            however likely one looks, so a choice is offered.

    Returns:
        The decision and the items worth showing with it.
    """
    if not ranking:
        return Decision.REFUSE, ()
    best = ranking[0].confidence
    second = ranking[1].confidence if len(ranking) > 1 else 0.0
    if no_item >= limits["refuse"]:
        return (Decision.CLARIFY if serves and no_item < limits["refuse_service"] else Decision.REFUSE), ()
    if best >= limits["answer"] and best - second >= limits["margin"]:
        return (Decision.CHOOSE, tuple(ranking[:CHOICES])) if common else (Decision.ANSWER, tuple(ranking[:1]))
    if sum(ranked.confidence for ranked in ranking[:CHOICES]) >= limits["choose"]:
        choices = [ranked for ranked in ranking[:CHOICES] if ranked.confidence >= best * limits["worth"]]
        return Decision.CHOOSE, tuple(choices if len(choices) > 1 else ranking[:2])
    return Decision.CLARIFY, ()
