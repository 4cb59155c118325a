"""接口总表 (jiekou zongbiao): every route of the centre in one tuple."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from bot.center import (
    appointments_api,
    case_steps_api,
    cases_api,
    catalogue_api,
    complaints_api,
    handoffs_api,
    known_papers,
    mandates_api,
    misses_api,
    notices_api,
    openapi,
    ratings_api,
    system_api,
    tasks_api,
)
from bot.center.routing import Route


def all_routes(test_mode: bool) -> tuple[Route, ...]:
    """The routes of the API; the test-only ones exist in test mode alone."""
    parts = (
        catalogue_api,
        notices_api,
        cases_api,
        case_steps_api,
        ratings_api,
        complaints_api,
        appointments_api,
        mandates_api,
        known_papers,
        handoffs_api,
        tasks_api,
        misses_api,
    )
    routes: tuple[Route, ...] = tuple(route for part in parts for route in part.ROUTES)
    if test_mode:
        routes += system_api.TEST_ROUTES

    @lru_cache(maxsize=1)
    def document() -> Any:
        return openapi.document(with_document)

    with_document = (*routes, system_api.openapi_route(document))
    return with_document
