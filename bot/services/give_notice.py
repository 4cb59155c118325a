"""一次性告知: compose the notice, have the centre number and keep it, render it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, List, Mapping, Protocol

from bot.domain.item import Facts
from bot.domain.notice import Notice, compose
from bot.ports import Catalogue, Clock, PublishedItem, ServiceCenter, ServiceCenterError


class NoticeTemplates(Protocol):
    """What renders notices."""

    def notice(self, notice: Notice) -> List[str]: ...

    def common(self, notice: Notice, facts: Facts) -> str: ...


@dataclass(frozen=True)
class GiveNotice:
    """Gives the complete notice, or what is common to all circumstances while some are open."""

    catalogue: Catalogue
    center: ServiceCenter
    templates: NoticeTemplates
    clock: Clock

    def common(self, published: PublishedItem, facts: Facts) -> str:
        """The part that is the same in all circumstances still possible."""
        notice = compose(published.item, published.local, self.catalogue.centre, published.version, facts)
        return self.templates.common(notice, facts)

    async def complete(self, published: PublishedItem, facts: Facts, asked_by: Mapping[str, Any]) -> List[str]:
        """The exact notice as messages.

        Args:
            asked_by: conversation, channel and message_id of the question; the id makes a repeated request the same notice.

        The notice is given even while the centre is down; it then stands without a number.
        """
        number = ""
        try:
            recorded = await self.center.record_notice(
                {
                    "item_code": published.item.code,
                    "catalogue_version": published.version,
                    "facts": dict(facts),
                    "conversation": asked_by["conversation"],
                    "channel": asked_by["channel"],
                    "idempotency_key": f"notice:{asked_by['message_id']}:{published.item.code}",
                }
            )
            number = str(recorded["number"])
        except (ServiceCenterError, KeyError):
            pass
        notice = compose(
            published.item,
            published.local,
            self.catalogue.centre,
            published.version,
            facts,
            number=number,
            issued_on=self.clock.now().date(),
        )
        return self.templates.notice(notice)
