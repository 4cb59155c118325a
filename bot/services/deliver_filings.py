"""Sends filings that are still queued, for as long as it takes, and tells the person when one has arrived."""

from __future__ import annotations

import asyncio
import logging
from typing import Mapping

from bot.ports import Messenger, VaultUnavailable
from bot.services.file_case import FileCase, Filing, FilingOutbox

logger = logging.getLogger("bangban.filings")

PAUSE_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 60.0
BATCH = 50


class DeliverFilings:
    """Worker of the filing outbox; one per action server. Filing is idempotent, so two workers would do no harm."""

    def __init__(
        self, outbox: FilingOutbox, file_case: FileCase, messenger: Messenger, texts: Mapping[str, str]
    ) -> None:
        self._outbox = outbox
        self._file_case = file_case
        self._messenger = messenger
        self._texts = texts

    async def run(self) -> None:
        """Look again and again; slower while the centre stays down."""
        pause = PAUSE_SECONDS
        while True:
            await asyncio.sleep(pause)
            try:
                stuck = await self.once()
            except Exception as error:  # the worker must outlive whatever happens to one round
                logger.error("filings.round_failed %s", type(error).__name__)
                stuck = True
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS) if stuck else PAUSE_SECONDS

    async def once(self) -> bool:
        """Send what waits; True if the centre could not be reached."""
        for filing in await self._outbox.waiting(BATCH):
            sent = await self._file_case.send(filing)
            if sent.state == "queued":
                return True
            logger.info("filings.delivered %s %s", sent.number, sent.state)
            await self._tell(sent)
        return False

    async def _tell(self, filing: Filing) -> None:
        text = self._texts["filing_arrived" if filing.state == "filed" else "filing_refused"]
        message = text.format(number=filing.number, why=filing.answer.get("message", ""))
        try:
            await self._messenger.send(filing.conversation, message, f"filing:{filing.key}:{filing.state}")
        except VaultUnavailable:
            logger.warning("filings.not_told %s", filing.number)
