"""Everyday words to service items. Start at `Matcher` and `build_index`."""

from bot.matching.build import build_index
from bot.matching.encoder import UseEncoder
from bot.matching.index import Index
from bot.matching.lexicon import Lexicon
from bot.matching.matcher import Matcher
from bot.matching.types import Decision, Entry, IndexFormatError, MatchResult, Ranked, SentenceEncoder

__all__ = [
    "Decision",
    "Entry",
    "Index",
    "IndexFormatError",
    "Lexicon",
    "MatchResult",
    "Matcher",
    "Ranked",
    "SentenceEncoder",
    "UseEncoder",
    "build_index",
]
