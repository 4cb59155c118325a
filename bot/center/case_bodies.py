"""办件接口的内容 (banjian jiekou de neirong): what comes in and what goes out about cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Mapping, Optional

from bot.center.shapes import FieldValue, Sealed, limited
from bot.domain.case import CaseState, Role
from bot.domain.case_kind import CaseKind
from bot.domain.deadline import Light
from bot.domain.item import Level as CaseLevel
from bot.domain.rating import Level


@dataclass(frozen=True)
class Applicant:
    """申请人. Numbers come sealed by the vault; one may be missing only where the item does not require it."""

    name: str = limited(50)
    id: Optional[Sealed] = None
    phone: Optional[Sealed] = None


@dataclass(frozen=True)
class Agent:
    """代办人."""

    name: str = limited(50)
    phone: Sealed = limited()
    relation: str = limited(50)


@dataclass(frozen=True)
class GivenMaterial:
    """One material as the person said: on paper, as a photo, to follow, not at hand, or with us from an earlier case (reuse)."""

    id: str = limited(40)
    status: str = limited(10, pattern="paper|photo|later|none|reuse")
    note: str = limited(500, shortest=0, default="")


@dataclass(frozen=True)
class Statement:
    """同意、承诺: a statement with its exact text, and when, where and by whom it was made."""

    text: str = limited(5000)
    version: str = limited(40)
    at: datetime = limited()
    person: str = limited(128)
    channel: Optional[str] = limited(32, default=None)


@dataclass(frozen=True)
class CaseBody:
    """A filing. `catalogue_version` is the version of the item that the person was shown."""

    number: str = limited(40)
    item_code: str = limited(40)
    catalogue_version: int = limited(least=1, most=1_000_000)
    applicant: Applicant = limited()
    fields: Mapping[str, FieldValue] = limited(100, shortest=0)
    materials: tuple[GivenMaterial, ...] = limited(100, shortest=0)
    conversation: str = limited(128)
    channel: str = limited(32)
    consent: Statement = limited()
    truth: Statement = limited()
    lookup_code_hash: str = limited(64, pattern="[0-9a-f]{64}")
    facts: Mapping[str, str] = limited(20, shortest=0, default_factory=dict)
    agent: Optional[Agent] = None
    deferral: Optional[Statement] = None  # 容缺承诺
    mandate: Optional[str] = limited(32, default=None)  # id of the 委托 under which it is filed


@dataclass(frozen=True)
class Proof:
    """Any one of these suffices; the keyed fingerprint stands for the full ID number."""

    conversation: Optional[str] = limited(128, default=None)
    lookup_code: Optional[str] = limited(20, default=None)
    id_fingerprint: Optional[str] = limited(128, default=None)


@dataclass(frozen=True)
class ProgressBody:
    """`asker`: who asks, for the lock after wrong proofs (the conversation, or the caller of the hotline)."""

    asker: str = limited(128)
    proof: Proof = limited()


@dataclass(frozen=True)
class WithdrawBody:
    """撤回. Without `asker` wrong proofs count against the case."""

    proof: Proof = limited()
    reason: str = limited(1000, shortest=0, default="")
    asker: Optional[str] = limited(128, default=None)


@dataclass(frozen=True)
class ActorBody:
    """Who acts."""

    role: Role
    name: str = limited(64)
    level: CaseLevel = CaseLevel.TOWNSHIP


@dataclass(frozen=True)
class DefectView:
    """One thing to supply."""

    id: str
    text: str


@dataclass(frozen=True)
class SupplementView:
    """What a running 补正 still wants. Without `defects` the words in `told` say everything."""

    told: str
    defects: tuple[DefectView, ...]
    until: Optional[date]
    asked_at: datetime


@dataclass(frozen=True)
class PaperView:
    """文书 in short."""

    id: str
    kind: str
    label: str
    number: str
    issued_at: datetime


@dataclass(frozen=True)
class DeferralView:
    """容缺: a paper that follows; `state`: open or given."""

    material: str
    name: str
    due_on: date
    state: str


@dataclass(frozen=True)
class CaseView:
    """办件 in short. `promised_date` is null while 补正 runs and when the case is over without result.

    `level`: where it lies. `light`: green, amber, red, overdue; null without a deadline. `report_by`: of a 上报件 that is still here.
    """

    number: str
    state: CaseState
    state_label: str
    kind: CaseKind
    kind_label: str
    kind_reason: str
    level: CaseLevel
    level_label: str
    light: Optional[Light]
    report_by: Optional[date]
    filed_at: datetime
    promised_date: Optional[date]
    promised_provisional: bool
    item_code: str
    item_name: str
    catalogue_version: int
    window: str
    phone: str
    revision: int


@dataclass(frozen=True)
class EventView:
    """One entry of the history."""

    seq: int
    move: str
    move_label: str
    before: Optional[CaseState]
    state: CaseState
    state_label: str
    actor: ActorBody
    at: datetime
    opinion: str
    detail: Any


@dataclass(frozen=True)
class PublicStep:
    """One step as the applicant sees it: no clerk's name; the opinion only where it is meant for the applicant."""

    state: CaseState
    state_label: str
    at: datetime
    told: str


@dataclass(frozen=True)
class RatingView:
    """好差评 that counts."""

    level: Level
    level_label: str
    words: str
    at: datetime
    changeable_until: datetime


@dataclass(frozen=True)
class PublicCaseView(CaseView):
    """What somebody with proof is shown. `rateable`: a rating can be given or changed now."""

    steps: tuple[PublicStep, ...]
    rateable: bool
    rating: Optional[RatingView]
    supplement: Optional[SupplementView]
    papers: tuple[PaperView, ...]
    deferrals: tuple[DeferralView, ...]


@dataclass(frozen=True)
class RatingBody:
    """A rating by somebody with proof; without `asker` wrong proofs count against the case."""

    proof: Proof = limited()
    level: Level = limited()
    channel: str = limited(32)
    words: str = limited(500, shortest=0, default="")
    asker: Optional[str] = limited(128, default=None)


@dataclass(frozen=True)
class CaseDetail:
    """Everything about a case, for staff programs; personal numbers sealed."""

    case: CaseView
    facts: Any
    applicant: Any
    agent: Any
    fields: Any
    materials: Any
    consent: Any
    truth: Any
    conversation: str
    channel: str
    allowed_moves: tuple[str, ...]
    handler: str
    next_level: CaseLevel
    open_parts: tuple[str, ...]
    supplement: Optional[SupplementView]
    papers: tuple[PaperView, ...]
    deferrals: tuple[DeferralView, ...]


@dataclass(frozen=True)
class CasesView:
    """Cases of one conversation, newest first."""

    cases: tuple[CaseView, ...]


@dataclass(frozen=True)
class EventsView:
    """The whole history, oldest first."""

    number: str
    events: tuple[EventView, ...]
