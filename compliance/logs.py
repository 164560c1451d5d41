"""Logs: one line an event on standard error, as text or as JSON.

Events have constant names and carry ids as fields. Message text, file names, tokens, addresses with tokens and search
words never enter a log; `structlog` events of ours and Django's own records come out in the same form. An error of the
database is told by its class and its code alone: its words quote the row that was refused, with everything in it.
"""

import logging
import re
import traceback
from collections.abc import Iterator
from typing import Any

import psycopg
import structlog
from django.db import Error as DatabaseError

STYLES = ("text", "json")
_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.ExceptionRenderer(lambda exc_info: told(exc_info[1])),
]


_SIGNED = re.compile(r"/acknowledge/[^/\s]+")


class WithoutLinks(logging.Filter):
    """Django logs the address of a page that broke; a custodian's link is as good as a signature."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                _SIGNED.sub("/acknowledge/…", one) if isinstance(one, str) else one for one in record.args
            )
        return True


def configuration(*, style: str, level: str) -> dict[str, Any]:
    """Set structlog up and return what Django's LOGGING should be; `style` is `text` or `json`."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    _renderer(style),
                ],
                "foreign_pre_chain": _SHARED,
            }
        },
        "filters": {"without_links": {"()": WithoutLinks}},
        "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["out"], "level": level},
        "loggers": {
            # httpx and httpcore log whole URLs, and Zoom's download URLs carry tokens.
            "httpx": {"level": "WARNING"},
            "httpcore": {"level": "WARNING"},
            # fido2 logs the ids of passkeys; the audit trail says whose was used.
            "fido2": {"level": "WARNING"},
            # Django logs the path and query of every refused request; the query may hold search words.
            "django.request": {"level": "ERROR", "filters": ["without_links"]},
            "django.security": {"level": "ERROR"},
        },
    }


def told(error: BaseException | None) -> str:
    """Where an error and those behind it came from, the first one first, without any row of the database."""
    return "\n".join(
        f"{''.join(traceback.format_tb(one.__traceback__))}{type(one).__qualname__}: {_words(one)}"
        for one in reversed(list(_behind(error)))
    )


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _words(error: BaseException) -> str:
    if isinstance(error, psycopg.Error):
        return f"SQLSTATE {error.sqlstate or 'unknown'}"
    return "in the words of the database" if isinstance(error, DatabaseError) else str(error)


def _renderer(style: str) -> Any:
    if style == "json":
        return structlog.processors.JSONRenderer()
    return structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"])
