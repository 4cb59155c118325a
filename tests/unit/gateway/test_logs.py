"""The log holds ids and states; whatever looks like a personal number is masked before a line is written."""

from __future__ import annotations

import json
import logging
from io import StringIO
from typing import Iterator

import pytest

from bot.gateway.logs import JsonLines, NumberFilter, log, where
from tests.support.numbers import id_number, mobile


@pytest.fixture
def lines() -> Iterator[StringIO]:
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    handler.addFilter(NumberFilter())
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    root.handlers[:], root.level = [handler], logging.INFO
    yield stream
    root.handlers[:], root.level = before, level


def test_an_event_is_one_json_object_with_masked_numbers(lines: StringIO) -> None:
    log("handed", message=f"x {mobile()} y", inner={"list": [id_number()]}, attempt=2)
    entry = json.loads(lines.getvalue())
    assert entry["event"] == "handed" and entry["attempt"] == 2
    assert mobile() not in lines.getvalue() and id_number() not in lines.getvalue()


def test_the_values_of_a_librarys_message_are_left_out(lines: StringIO) -> None:
    logging.getLogger("some.library").warning("could not store %s " + mobile(), "the text of a person")
    assert "the text" not in lines.getvalue() and mobile() not in lines.getvalue()


def test_an_exception_is_logged_without_its_text(lines: StringIO) -> None:
    try:
        raise ValueError(f"row with {id_number()}")
    except ValueError as error:
        log("failed", error=error)
        logging.getLogger("some.library").exception("failed")
        assert where(error)["kind"] == "ValueError"
    assert id_number() not in lines.getvalue() and "row with" not in lines.getvalue()
