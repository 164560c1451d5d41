"""What an error may say in a log: where it came from, and no word of anyone."""

import json
import logging
import sys

import pytest
from django.db import DatabaseError, connection
from structlog.stdlib import ProcessorFormatter

from compliance import logs

WORDS = "ship it friday"


def refused() -> BaseException:
    """The database refuses a row, and says which."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::integer", [WORDS])
    except DatabaseError as error:
        return error
    raise AssertionError


@pytest.mark.django_db
def test_an_error_of_the_database_quotes_no_row() -> None:
    """Its words carry what was to be stored; the log carries its class, its code and its place."""
    error = refused()
    assert WORDS in str(error)
    written = logs.told(error)
    assert WORDS not in written
    assert "InvalidTextRepresentation: SQLSTATE 22P02" in written
    assert "tests/compliance/test_logs.py" in written


@pytest.mark.django_db
@pytest.mark.parametrize("style", logs.STYLES)
def test_every_line_of_a_log_leaves_them_out(style: str) -> None:
    """Ours and Django's, as text and as JSON."""
    made = logs.configuration(style=style, level="INFO")["formatters"]["line"]
    formatter = ProcessorFormatter(processors=made["processors"], foreign_pre_chain=made["foreign_pre_chain"])
    error = refused()
    record = logging.LogRecord(
        "django.request", logging.ERROR, "", 0, "Internal Server Error: %s", ("/search/",),
        (type(error), error, error.__traceback__),
    )  # fmt: skip
    line = formatter.format(record)
    assert WORDS not in line
    assert "SQLSTATE 22P02" in line
    assert style == "text" or json.loads(line)["event"] == "Internal Server Error: /search/"


def test_other_errors_keep_their_words_and_their_causes() -> None:
    """The first one first; an error that goes in a circle ends."""
    try:
        try:
            raise KeyError("window")
        except KeyError as cause:
            raise ValueError("no window") from cause
    except ValueError:
        error = sys.exc_info()[1]
    written = logs.told(error)
    assert written.index("KeyError: 'window'") < written.index("ValueError: no window")
    assert logs.told(None) == ""
    circle = ValueError("round")
    circle.__cause__ = circle
    assert logs.told(circle) == "ValueError: round"
