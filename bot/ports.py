"""What the services need from outside, as Protocols; `bootstrap` joins them to adapters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Mapping, Optional, Protocol, Sequence, Tuple

from bot.domain.centre import Centre
from bot.domain.item import Item, LocalFacts


class Clock(Protocol):
    """The only source of the present moment."""

    def now(self) -> datetime:
        """Aware, Asia/Shanghai."""
        ...


class ServiceCenterError(Exception):
    """Base of everything the service centre can answer but yes."""


class ServiceCenterUnavailable(ServiceCenterError):
    """Not reached, too slow, or rubbish: the outcome is unknown; ask again with the same key."""


class ServiceCenterRefused(ServiceCenterError):
    """A clear no, with the centre's code and a sentence for people; `retry_at`: ISO time after which to ask again, or empty."""

    def __init__(self, status: int, code: str, message: str, retry_at: str = "") -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code, self.message, self.retry_at = status, code, message, retry_at


@dataclass(frozen=True)
class PublishedItem:
    """An item with its local facts, as the catalogue version says."""

    item: Item
    local: LocalFacts
    version: int


class Catalogue(Protocol):
    """Published items, readable while the centre is down."""

    @property
    def version(self) -> int: ...

    @property
    def centre(self) -> Centre: ...

    def get(self, code: str) -> Optional[PublishedItem]: ...

    def all(self) -> Sequence[PublishedItem]: ...


class ServiceCenter(Protocol):
    """The backend of a service centre: the embedded one or a town's own.

    All methods raise ServiceCenterUnavailable or ServiceCenterRefused.
    """

    async def record_notice(self, payload: Mapping[str, Any]) -> Mapping[str, Any]: ...

    async def file(self, payload: Mapping[str, Any], key: str) -> Mapping[str, Any]: ...

    async def progress(self, number: str, proof: Mapping[str, Any]) -> Mapping[str, Any]: ...

    async def cases_of(self, conversation: str) -> Sequence[Mapping[str, Any]]: ...

    async def cases_of_person(self, id_fingerprint: str, item_code: str) -> Sequence[Mapping[str, Any]]: ...

    async def withdraw(self, number: str, proof: Mapping[str, Any]) -> Mapping[str, Any]: ...

    async def supplement(self, number: str, given: Mapping[str, Any]) -> Mapping[str, Any]: ...

    async def rate(self, number: str, rating: Mapping[str, Any], key: str) -> Mapping[str, Any]: ...

    async def complain(self, payload: Mapping[str, Any]) -> Mapping[str, Any]: ...

    async def slots(self, item_code: str, day: str) -> Sequence[Mapping[str, Any]]: ...

    async def appointments_of(self, conversation: str) -> Sequence[Mapping[str, Any]]: ...

    async def book(self, payload: Mapping[str, Any]) -> Mapping[str, Any]: ...

    async def change_appointment(self, appointment: str, payload: Mapping[str, Any]) -> Mapping[str, Any]: ...

    async def mandates_of(self, conversation: str) -> Sequence[Mapping[str, Any]]: ...

    async def revoke_mandate(self, mandate: str, payload: Mapping[str, Any]) -> Mapping[str, Any]: ...

    async def hand_off(self, payload: Mapping[str, Any]) -> Mapping[str, Any]: ...

    async def record_miss(self, payload: Mapping[str, Any]) -> Mapping[str, Any]: ...

    async def promise(self, payload: Mapping[str, Any]) -> Mapping[str, Any]: ...

    async def tasks_of(self, conversation: str) -> Sequence[Mapping[str, Any]]: ...


class FileMissing(Exception):
    """No file of this hash is kept, or it cannot be read back."""


class FileStore(Protocol):
    """Keeps files that people gave, encrypted, by the SHA-256 of their content."""

    async def put(self, content: bytes) -> str:
        """Keep a file; its hash, in hex. The same content again is kept once."""
        ...

    async def get(self, sha256: str) -> bytes:
        """Raises FileMissing."""
        ...

    async def delete(self, sha256: str) -> None:
        """Delete a file; one that is not there is no error."""
        ...


class SentenceEncoder(Protocol):
    """Turns sentences into vectors of one length."""

    def encode(self, texts: Sequence[str]) -> Any: ...


@dataclass(frozen=True)
class SealedNumber:
    """A personal number after the vault: never the number itself.

    `kind`: id_number, mobile, landline, bank_card, credit_code, or partial (the first half of one). `verdict`: "ok" or a
    reason code: length, check_digit, birth_date, future, too_old, prefix. `fingerprint` is a keyed hash, equal for equal numbers.
    """

    token: str
    kind: str
    verdict: str
    masked: str
    fingerprint: str
    birth: Optional[str] = None


class Vault(Protocol):
    """Keeps personal numbers; hands out tokens."""

    async def seal(self, conversation: str, message_id: str, text: str) -> Tuple[str, Sequence[SealedNumber]]: ...


class VaultUnavailable(Exception):
    """The gateway with its vault was not reached; nothing was sealed or sent."""


class Seal(Protocol):
    """电子印章: puts a seal on an issued paper. `digest`: SHA-256 of its content, hex; `signer`: in whose name."""

    def mark(self, digest: str, signer: str) -> Mapping[str, Any]:
        """What is kept with the paper and shown on it: `kind`, `signer`, `digest`, and what the seal's maker adds."""
        ...


class Sms(Protocol):
    """短信: a text message to a telephone that only the vault knows."""

    async def send(self, phone: Mapping[str, Any], text: str, key: str) -> None:
        """`phone`: sealed number with its token. Raises SmsUnavailable; the same key may be tried again."""
        ...


class SmsUnavailable(Exception):
    """The text message was not taken over."""


class Messenger(Protocol):
    """Sends a message to a person outside a turn, through the gateway's outbox."""

    async def send(self, conversation: str, text: str, key: str, origin: str = "notice") -> None:
        """Raises VaultUnavailable; the same key may be tried again."""
        ...


class Understanding(Protocol):
    """Reads a text as Rasa reads a message."""

    async def read(self, text: str) -> Mapping[str, Any]:
        """Parse result with `intent`, `item_ranking`, `item_decision`; empty when nobody answers."""
        ...
