"""The only place that joins ports to adapters: one build function per process."""

from __future__ import annotations

import json
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, FrozenSet, Iterator, List, Mapping, Sequence, Tuple

import yaml

from bot.adapters import yaml_catalogue
from bot.adapters.clock import ShiftedClock
from bot.adapters.gateway_api import GatewayClient
from bot.adapters.match_index import MatchIndexHook
from bot.adapters.published_catalogue import PublishedCatalogue
from bot.adapters.rasa_api import RasaUnderstanding
from bot.adapters.service_center.client import HttpServiceCenter
from bot.adapters.sql.actions_store import SqlActionsStore
from bot.adapters.sql.engine import async_engine
from bot.adapters.templates import Templates
from bot.adapters.working_days import published_calendar
from bot.domain.catalogue_lint import Finding, lint
from bot.domain.draft import Statement
from bot.domain.hours_question import HoursWords
from bot.matching import Lexicon, Matcher, UseEncoder, build_index
from bot.ports import Understanding
from bot.services.answer_followup import AnswerFollowup, AspectWords
from bot.services.answer_hours import AnswerHours
from bot.services.case_life import CaseLife, CaseWords
from bot.services.file_case import FileCase
from bot.services.filing_words import FilingWords
from bot.services.give_notice import GiveNotice
from bot.services.life_events import LifeEvents
from bot.services.open_cases import OpenCases
from bot.services.quote_item import QuoteItem
from bot.services.read_talk import LONGEST_TALK, Talk, TalkSigns
from bot.services.read_wish import INTENTS, WishWords
from bot.services.record_miss import RecordMiss
from bot.services.track_case import LOOKS_LIKE_OURS, TrackCase
from bot.services.visits import Visits
from bot.settings import ROOT, Settings, load

DIALOGUE = ROOT / "data" / "dialogue"
CASE_NUMBER_LIKE = LOOKS_LIKE_OURS
WISH_INTENTS = INTENTS
NAMES = ROOT.parent / "shared" / "data" / "township_item_names.tsv"
"""The township's list of item names; lies beside the project and is not part of it."""


def vault_client(config: Settings) -> GatewayClient:
    """The vault as other processes reach it: through the gateway."""
    return GatewayClient(config.gateway_url, config.internal_token)


@lru_cache(maxsize=1)
def texts() -> Mapping[str, str]:
    """Sentences that processes outside Rasa's domain say."""
    return dict(_yaml(DIALOGUE / "system.yml"))


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf8"))


@lru_cache(maxsize=1)
def sentence_encoder() -> UseEncoder:
    """The sentence encoder of this process; its 100 MB are loaded with the first text."""
    return UseEncoder()


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon of everyday words."""
    return Lexicon.load()


def aspect_words() -> AspectWords:
    """Finds what a follow-up question asks about."""
    return AspectWords(_yaml(DIALOGUE / "aspects.yml")["aspects"])


def wish_words() -> WishWords:
    """Finds what a message asks of the conversation itself."""
    return WishWords(_yaml(DIALOGUE / "wishes.yml")["wishes"])


def filing_words() -> FilingWords:
    """Finds what people say in an application instead of a value."""
    return FilingWords(_yaml(DIALOGUE / "filing_words.yml")["filing_words"])


def life_events() -> LifeEvents:
    """Finds the life event that a message is about."""
    return LifeEvents(_yaml(DIALOGUE / "life_events.yml")["life_events"])


def hours_words() -> HoursWords:
    """Reads questions about opening hours."""
    return HoursWords(_yaml(DIALOGUE / "hours.yml"))


def talk_signs() -> Talk:
    """Tells cries for help, what is not ours, and talk around the matters."""
    talk, safety = _yaml(DIALOGUE / "talk.yml"), _yaml(DIALOGUE / "safety.yml")
    return Talk(
        TalkSigns(safety["safety"]),
        TalkSigns(_yaml(load().centre_dir / "not_ours.yml")["not_ours"], LONGEST_TALK),
        TalkSigns(talk["talk"], LONGEST_TALK),
        talk["leads"],
        safety["told"],
    )


def publication_dir() -> Path:
    """Where this process finds published catalogues, for parts that a framework builds (Rasa components)."""
    return _instead[-1] if _instead else load().publication_dir


_instead: List[Path] = []


@contextmanager
def shipped_index() -> Iterator[None]:
    """Within it, items are found in the catalogue as shipped, whatever this machine has published or not; for measuring."""
    with tempfile.TemporaryDirectory() as folder:
        shipped_matcher(load()).index.save(Path(folder) / "v1.index")
        (Path(folder) / "current.json").write_text(json.dumps({"version": 1, "file": "v1.json"}), encoding="utf8")
        _instead.append(Path(folder))
        try:
            yield
        finally:
            _instead.pop()


def lint_catalogue(config: Settings) -> Sequence[Finding]:
    """Check the catalogue files of this project against each other and the list of names."""
    items = yaml_catalogue.load_items(config.catalogue_dir)
    facts = yaml_catalogue.load_local_facts(config.centre_dir / "facts")
    centre = yaml_catalogue.load_centre(config.centre_dir / "profile.yml")
    names = dict(_names(NAMES)) if NAMES.exists() else None
    return lint(list(items.values()), facts, centre, names)


def _names(path: Path) -> Iterator[Tuple[str, str]]:
    for line in path.read_text(encoding="utf8").splitlines():
        name, _, category = line.partition("\t")
        yield name, category


def shipped_matcher(config: Settings) -> Matcher:
    """A matcher over the catalogue files as they are, for the command line."""
    items = yaml_catalogue.load_items(config.catalogue_dir)
    return Matcher(build_index(items.values(), sentence_encoder(), lexicon()), sentence_encoder(), lexicon())


def match_index_hook() -> MatchIndexHook:
    """What the centre runs with every publication."""
    return MatchIndexHook(sentence_encoder(), lexicon())


def surnames() -> FrozenSet[str]:
    """Single and compound Chinese surnames."""
    single, compound = (DIALOGUE / "surnames.txt").read_text(encoding="utf8").splitlines()[:2]
    return frozenset(single) | frozenset(compound.split())


@dataclass(frozen=True)
class Statements:
    """Consent and truth statements with their versions."""

    wording: Mapping[str, Mapping[str, str]]

    def text(self, kind: str, **values: str) -> str:
        """The exact text shown for one kind (consent or truth)."""
        return self.wording[kind]["text"].format(**values)

    def given(self, kind: str, at: str, channel: str, person: str, **values: str) -> Statement:
        """The statement as given by a person."""
        return Statement(self.text(kind, **values), self.wording[kind]["version"], at, channel, person)


@dataclass(frozen=True)
class ActionParts:
    """Everything the action server's actions work with."""

    clock: ShiftedClock
    catalogue: PublishedCatalogue
    templates: Templates
    store: SqlActionsStore
    center: HttpServiceCenter
    messenger: GatewayClient
    give_notice: GiveNotice
    answer_followup: AnswerFollowup
    file_case: FileCase
    track_case: TrackCase
    aspects: AspectWords
    wishes: WishWords
    filing_words: FilingWords
    talk: Talk
    answer_hours: AnswerHours
    open_cases: OpenCases
    case_life: CaseLife
    case_words: CaseWords
    visits: Visits
    life_events: LifeEvents
    surnames: FrozenSet[str]
    statements: Statements
    calendar: Any
    filing_texts: Mapping[str, str]
    record_miss: RecordMiss
    understanding: Understanding
    quote_item: QuoteItem


def action_parts(config: Settings) -> ActionParts:
    """Build the action server's parts; opens nothing yet."""
    clock = ShiftedClock(config.now)
    catalogue = PublishedCatalogue(config.publication_dir)
    templates = Templates(DIALOGUE)
    store = SqlActionsStore(async_engine(config.store_url("actions")), clock)
    center = HttpServiceCenter(config.center_url, config.api_token)
    return ActionParts(
        clock=clock,
        catalogue=catalogue,
        templates=templates,
        store=store,
        center=center,
        messenger=vault_client(config),
        give_notice=GiveNotice(catalogue, center, templates, clock),
        answer_followup=AnswerFollowup(catalogue, templates),
        file_case=FileCase(store, center, clock, config.hash_key),
        track_case=TrackCase(center, store),
        aspects=aspect_words(),
        wishes=wish_words(),
        filing_words=filing_words(),
        talk=talk_signs(),
        answer_hours=AnswerHours(catalogue, templates, published_calendar(), clock, hours_words()),
        open_cases=OpenCases(center, store),
        case_life=CaseLife(center),
        visits=Visits(center),
        life_events=life_events(),
        case_words=CaseWords(_yaml(DIALOGUE / "case_words.yml")["words"]),
        surnames=surnames(),
        statements=Statements(_yaml(DIALOGUE / "statements.yml")),
        calendar=published_calendar(),
        filing_texts=texts(),
        record_miss=RecordMiss(center, clock, config.hash_key),
        quote_item=QuoteItem(catalogue),
        understanding=RasaUnderstanding(config.rasa_url, config.rasa_token),
    )


def today(clock: ShiftedClock) -> date:
    """The day in Asia/Shanghai."""
    return clock.now().date()
