"""`manage.py capture`: run what is due to its end in the foreground."""

import sys
import threading
from argparse import ArgumentTypeError
from datetime import UTC, date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseError
from django.utils import timezone

from archive import collecting, completeness, log, readable
from archive.capture import foreground, spans
from archive.capture.spans import Span
from archive.keys import KeyUnusable
from archive.models import Account, Run
from archive.sealing import SealBroken
from archive.tiles import LogDamaged

LINE_EVERY = timedelta(seconds=10)
COMPLETE, WITH_GAPS = 0, 3


class Command(BaseCommand):
    """Exit 0: everything that is due was read to its end. Exit 3: finished with gaps, and says where and why."""

    help = "Capture everything that is due, or what lies between two days, and say what is not complete."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="first", type=_day, help="First UTC day, yyyy-mm-dd.")
        parser.add_argument("--to", dest="last", type=_day, help="Last UTC day, yyyy-mm-dd.")
        parser.add_argument("--once", action="store_true", help="Do not wait for retries that are due soon.")
        parser.add_argument("--workers", type=int, default=foreground.WORKERS, help="Threads (default 4).")

    def run_from_argv(self, argv: list[str]) -> None:
        """As a program: what holds for the whole process is not set for one that calls the command and goes on."""
        collecting.seldom()
        super().run_from_argv(argv)

    def handle(self, *_: Any, **options: Any) -> None:
        accounts = list(Account.objects.filter(is_active=True))
        if not accounts:
            raise CommandError("No Zoom account is connected: run `manage.py connect` first.")
        self._shown_at = timezone.now()
        stop = threading.Event()
        for account in accounts:
            try:
                foreground.Capture(
                    account=account,
                    clock=timezone.now,
                    show=self._show,
                    stop=stop,
                    within=_within(options["first"], options["last"]),
                    workers=options["workers"],
                    once=options["once"],
                ).run()
            except SealBroken as error:
                raise CommandError(str(error)) from error
            except DatabaseError as error:
                raise CommandError(
                    f"The database went away or refused ({type(error).__name__}). What was stored is safe; run "
                    "`manage.py capture` again and it goes on where it stopped."
                ) from error
        self._sign()
        self._finish()

    def _sign(self) -> None:
        """Sign the log as it now is, so that cutting off what was just captured contradicts a checkpoint."""
        try:
            log.checkpoint(now=timezone.now())
        except (LogDamaged, KeyUnusable) as error:
            raise CommandError(f"What was captured is stored, but the log is not signed: {error}") from error

    def _show(self, run: Run) -> None:
        now = timezone.now()
        terminal = self.stdout.isatty()
        if not terminal and now - self._shown_at < LINE_EVERY:
            return
        self._shown_at = now
        state = completeness.progress_of(run, now=now)
        rate = state.records_per_second or 0.0
        line = f"{state.done:,} of {state.total:,} windows, {state.records:,} records, {rate:,.0f}/s, {state.words}"
        self.stdout.write(f"\r\x1b[K{line}" if terminal else line, ending="" if terminal else "\n")
        self.stdout.flush()

    def _finish(self) -> None:
        now = timezone.now()
        state = completeness.summary(now=now)
        if self.stdout.isatty():
            self.stdout.write("\r\x1b[K", ending="")
        through = "unknown" if state.complete_to is None else f"{state.complete_to:%Y-%m-%d %H:%M:%S} UTC"
        if state.is_complete:
            self.stdout.write(f"Complete to {through}.")
            return
        self.stdout.write(f"Not complete. Everything sent before {through} is here.")
        for gap in completeness.gaps(limit=50):
            where = readable.printed(gap.session or f"the {gap.kind} of the account")
            reason = readable.printed(gap.reason)
            again = (
                "for ever" if gap.retry_at is None else f"tried again at {gap.retry_at:%Y-%m-%d %H:%M:%S} UTC"
            )
            self.stdout.write(f"  {gap.first_day} to {gap.last_day}, {gap.kind}, {where}: {reason} ({again})")
        if state.gaps > 50:
            self.stdout.write(f"  and {state.gaps - 50:,} more windows")
        for noun, rows in (("files", state.files), ("forwarded messages", state.forwards)):
            if rows.missing > 0:
                self.stdout.write(
                    f"  {rows.missing:,} of {rows.total:,} {noun} missing: {rows.due + rows.claimed:,} waiting,"
                    f" {rows.failed:,} failed, {rows.gone:,} gone at Zoom, {rows.mismatch:,} differ from their digest"
                )
        if state.zips.missing > 0:
            self.stdout.write(
                f"  {state.zips.missing:,} zips of legal holds missing: {state.zips.due + state.zips.claimed:,} waiting,"
                f" {state.zips.failed:,} failed, {state.zips.gone:,} gone at Zoom, {state.zips.mismatch:,} differ from"
                f" what Zoom said, {state.zips.unlisted:,} custodians not listed"
            )
        sys.exit(WITH_GAPS)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not a day: write it as yyyy-mm-dd") from error


def _within(first: date | None, last: date | None) -> Span | None:
    if first is None and last is None:
        return None
    today = timezone.now().astimezone(UTC).date()
    oldest = spans.cliff(today)
    first, last = oldest if first is None else first, today if last is None else last
    if last < first:
        raise CommandError(f"--to ({last}) lies before --from ({first}).")
    if last < oldest:
        raise CommandError(
            f"Zoom's reports begin on {oldest}; nothing before that day can be captured any more."
        )
    return Span(max(first, oldest), min(last, today))
