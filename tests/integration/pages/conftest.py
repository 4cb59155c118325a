"""Gateway and centre for the pages."""

from __future__ import annotations

from tests.support.pages_house import pages_house  # noqa: F401 - a fixture
