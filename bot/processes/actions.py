"""`python -m bot.processes.actions`: the action server, with the worker that sends queued filings."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from rasa_sdk.endpoint import create_app
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from actions import runtime
from bot import settings
from bot.processes.logs import configure_logs
from bot.services.deliver_filings import DeliverFilings

logger = logging.getLogger("bangban.actions")


def build(config: settings.Settings) -> Sanic:
    """The SDK's app with readiness, the test clock and the filing worker."""
    app = create_app("actions", auto_reload=False)

    @app.listener("after_server_start")
    async def start(running: Sanic, _: Any) -> None:
        parts = await runtime.parts()
        worker = DeliverFilings(parts.store, parts.file_case, parts.messenger, parts.filing_texts)
        running.ctx.filing_worker = asyncio.get_event_loop().create_task(worker.run())

    @app.listener("before_server_stop")
    async def stop(running: Sanic, _: Any) -> None:
        running.ctx.filing_worker.cancel()

    @app.get("/ready")
    async def ready(_: Request) -> HTTPResponse:
        parts = await runtime.parts()
        return response.json({"ready": parts.catalogue.version > 0}, 200 if parts.catalogue.version else 503)

    if config.test_mode:

        @app.post("/test/clock")
        async def move_clock(request: Request) -> HTTPResponse:
            parts = await runtime.parts()
            parts.clock.set(str(request.json["now"]))
            return response.json({"now": parts.clock.now().isoformat()})

    return app


def main() -> None:
    """Run until told to stop."""
    configure_logs()
    config = settings.load()
    build(config).run(host="127.0.0.1", port=config.actions_port, access_log=False, workers=1)


if __name__ == "__main__":
    main()
