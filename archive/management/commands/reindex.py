"""`manage.py reindex`: build the search index anew beside the one in use, then swap. Interrupted, it goes on."""

import os
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from archive import collecting
from archive.search import rebuild
from archive.search.errors import SearchError

_GIVES_WAY = 10  # a rebuild takes what searches leave of the processors, not half of them


class Command(BaseCommand):
    help = (
        "Build the search index anew beside the one in use, then swap. Interrupted, it goes on where it was."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--fresh", action="store_true", help="begin anew, without what an interrupted rebuild left"
        )

    def run_from_argv(self, argv: list[str]) -> None:
        """As a program: what holds for the whole process is not set for one that calls the command and goes on."""
        collecting.seldom()
        os.nice(_GIVES_WAY)
        super().run_from_argv(argv)

    def handle(self, *_args: Any, fresh: bool, **_options: Any) -> None:
        try:
            complete_to = rebuild.reindex(clock=timezone.now, progress=Progress(), is_fresh=fresh)
        except SearchError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Interrupted. `manage.py reindex` goes on from the last commit.") from None
        self.stdout.write(f"The search index is complete to leaf {complete_to:,}.")


class Progress:
    """A line that moves on a terminal: done of all, how fast, and how long it will take; nothing elsewhere."""

    def __init__(self) -> None:
        self._began = self._shown = time.monotonic()
        self._first: int | None = None

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if self._first is None:
            self._first, self._began = done, now
        if not sys.stderr.isatty() or (now - self._shown < 0.2 and done < total):
            return
        self._shown = now
        sys.stderr.write("\r\x1b[K" + words(done, total, done - self._first, now - self._began))
        sys.stderr.write("\n" if done >= total else "")
        sys.stderr.flush()


def words(done: int, total: int, since: int, seconds: float) -> str:
    """How far it is, and at the rate since it began how long it will take."""
    said = f"{done:,} of {total:,} leaves"
    if since <= 0 or seconds <= 0:
        return said
    rate = since / seconds
    left = round((total - done) / rate)
    minutes, rest = divmod(left, 60)
    return f"{said}, {rate:,.0f} a second, {minutes}:{rest:02} left"
