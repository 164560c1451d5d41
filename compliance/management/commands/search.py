"""`manage.py search QUERY`: look for messages from the command line, through the audited door.

Prints what was understood, the exact number, how complete the answer is, and a line a message. What strangers wrote
cannot move the cursor or turn the line: control characters are shown as their code points.
"""

import json
import re
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import UTC
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from archive import search
from compliance import facets, hold_files, inert, investigations, lists, saved
from compliance.facets import Facet
from compliance.saved import Unfit
from compliance.sightings import Findings, FoundMessage

LONGEST_LINE = 300


class Command(BaseCommand):
    help = "Look for messages; recorded in the audit trail like every search."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "query", help='For example: "wire transfer" from:mira after:2026-03 (in one argument)'
        )
        parser.add_argument("--json", action="store_true", help="As one JSON object.")
        parser.add_argument("--count", action="store_true", help="Only how many there are.")
        parser.add_argument(
            "--limit", type=int, default=50, help="At most so many messages, up to 1,000 (50)."
        )
        parser.add_argument(
            "--order",
            choices=list(search.Order),
            default=search.Order.NEWEST,
            help="newest (the default), oldest or relevant, which is the best thousand.",
        )
        parser.add_argument("--oldest", action="store_true", help="The same as --order oldest.")
        parser.add_argument(
            "--facets",
            action="store_true",
            help="Also how many by person, session, month, kind and state.",
        )
        parser.add_argument("--after", default="", help="From beyond this place: `next` of the page before.")
        parser.add_argument("--save", metavar="NAME", help="Save the search under this name as well.")
        parser.add_argument(
            "--freeze", metavar="NAME", help="Freeze the whole answer under this name as well."
        )

    def handle(self, *_: Any, **options: Any) -> None:
        now = timezone.now()
        after = search.Place.from_text(options["after"]) if options["after"] else None
        if options["after"] and after is None:
            raise CommandError("--after takes what `next` said.")
        try:
            findings = investigations.messages(
                query=options["query"],
                after=after,
                order=search.Order.OLDEST if options["oldest"] else search.Order(options["order"]),
                limit=0 if options["count"] else max(1, options["limit"]),
                with_facets=options["facets"],
                by=None,
                now=now,
            )
            self._keep(options)
            beside = hold_files.beside(query=options["query"], by=None, now=now) if after is None else None
        except search.QueryError as error:
            raise CommandError(_misunderstood(options["query"], error)) from error
        except (search.SearchError, Unfit) as error:
            raise CommandError(str(error)) from error
        narrow = facets.narrowing(options["query"], order=search.Order.NEWEST, now=now)
        counted = facets.of(findings, investigations.names(findings), narrow)
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    _as_json(findings) | {"in_zips": None if beside is None else beside.figures}, indent=2
                )
            )
        elif options["count"]:
            self.stdout.write(str(findings.answer.count))
            self.stderr.write("\n".join([_completeness(findings), *_in_zips(beside)]))
        else:
            self._tell(findings, counted)
            for line in _in_zips(beside):
                self.stdout.write(line)

    def _keep(self, options: dict[str, Any]) -> None:
        """Save the search and freeze its answer, where asked; what was made is said on standard error."""
        order = search.Order.OLDEST if options["oldest"] else search.Order(options["order"])
        asked = {"query": options["query"], "order": order, "by": None, "now": timezone.now()}
        if options["save"] is not None:
            kept = saved.save(name=options["save"], **asked)
            self.stderr.write(f"Saved as search {kept.pk}.")
        if options["freeze"] is not None:
            frozen = lists.freeze(name=options["freeze"], **asked)
            digest = "" if frozen.sha256 is None else f", SHA-256 {bytes(frozen.sha256).hex()}"
            self.stderr.write(f"Frozen as list {frozen.pk} ({frozen.state}{digest}).")

    def _tell(self, findings: Findings, counted: list[Facet]) -> None:
        answer = findings.answer
        self.stdout.write(f"{inert.plain(answer.explanation)}.")
        self.stdout.write(f"{answer.count:,} found. {_completeness(findings)}")
        for found in findings.found:
            glimpse = found.glimpse
            marks = "".join(
                f" [{word}]"
                for word, is_so in (("edited", glimpse.is_edited), ("deleted", glimpse.is_deleted))
                if is_so
            )
            files = "".join(f" (file: {_line(name)})" for name in glimpse.files)
            self.stdout.write(
                f"{glimpse.sent_at:%Y-%m-%d %H:%M:%S} UTC  {_line(found.session)}  {_line(glimpse.sender_name)}:"
                f" {_line(found.glimpse.wordings[-1].text)}{files}{marks}  #{glimpse.message_id}"
            )
            for aside in found.asides:
                if len(search.highlight(aside.text, answer.ast)) > 0:
                    self.stdout.write(f"    {aside.where}: {_line(aside.text)}")
            for passage in found.passages:
                entry = f", {_line(passage.entry)}" if passage.entry else ""
                words = (
                    _line(inert.excerpt(passage.text, passage.spans)[0])
                    or "further on than is looked at here"
                )
                self.stdout.write(f"    in the file {_line(passage.file)}{entry}: {words}")
        if answer.next is not None:
            self.stdout.write(f"More: --after {answer.next}")
        for facet in counted:
            self.stdout.write(f"\n{facet.title}")
            for line in facet.lines:
                self.stdout.write(f"{line.count:>12,}  {_line(line.label)}  {line.term}")
            if facet.rest:
                self.stdout.write(f"{'':14}{facet.rest}")


def _as_json(findings: Findings) -> dict[str, Any]:
    answer = findings.answer
    waiting = answer.coverage.waiting_since
    return {
        "explanation": answer.explanation,
        "language": search.LANGUAGE_VERSION,
        "count": answer.count,
        "complete_to": answer.coverage.complete_to,
        "complete_at": findings.complete_at.isoformat(),
        "pending": answer.coverage.pending,
        "days_at_fault": answer.coverage.days_at_fault,
        "waiting_since": None if waiting is None else waiting.isoformat(),
        "files_unread": answer.coverage.unread,
        "files_unreadable": answer.coverage.unreadable,
        "next": None if answer.next is None else str(answer.next),
        "before": answer.before,
        "hits": [_hit(found) for found in findings.found],
        **({} if answer.facets is None else {"facets": _facets(answer, answer.facets)}),
    }


def _facets(answer: search.Answer, counted: search.Facets) -> dict[str, Any]:
    """Every number, none left out; people and sessions by their numbers, days as dates of the query's zone."""
    return {
        "zone": answer.zone,
        "days": {str(day): n for day, n in facets.days(counted).items()},
        "sessions": counted.sessions,
        "people": counted.senders,
        "types": {kind.value: n for kind, n in counted.types.items()},
        "properties": {what.value: n for what, n in counted.properties.items()},
        "languages": counted.languages,
    }


def _hit(found: FoundMessage) -> dict[str, Any]:
    glimpse = found.glimpse
    return {
        "message": glimpse.message_id,
        "session": glimpse.session_id,
        "session_name": found.session,
        "sent_at": glimpse.sent_at.isoformat(),
        "sender": glimpse.sender_name,
        "is_edited": glimpse.is_edited,
        "is_deleted": glimpse.is_deleted,
        "texts": [wording.text for wording in found.glimpse.wordings],
        "files": list(glimpse.files),
        "inside_files": [
            {
                "file": one.file,
                "entry": one.entry,
                "text": inert.excerpt(one.text, one.spans)[0],
            }
            for one in found.passages
        ],
    }


def _completeness(findings: Findings) -> str:
    coverage, said = findings.answer.coverage, []
    if coverage.days_at_fault > 0:
        days = "1 day" if coverage.days_at_fault == 1 else f"{coverage.days_at_fault:,} days"
        said.append(f"On {days} the index differs from the record and is being indexed anew.")
    if coverage.pending > 0:
        said.append(f"{coverage.pending:,} records that are stored are not indexed yet.")
    if len(said) == 0:
        is_whole = coverage.unread == 0 and coverage.unreadable == 0
        said.append(f"{'Everything' if is_whole else 'Every message'} stored so far was searched.")
    at = f"{findings.complete_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    said.append(f"Complete to {at}, leaf {coverage.complete_to:,} of the log.")
    if coverage.unread > 0:
        said.append(f"Files not read yet: {coverage.unread:,}.")
    if coverage.unreadable > 0:
        said.append(f"Files unreadable: {coverage.unreadable:,} (`manage.py unreadable` lists them).")
    return " ".join(said)


def _in_zips(beside: hold_files.Beside | None) -> Iterator[str]:
    """What was found in zips of legal holds, or that they were not searched, a line each; nothing where there are none."""
    if beside is None:
        return
    answer, left = beside.answer, beside.unsearched
    if answer is None:
        yield (
            f"Not searched: {left.files:,} files in zips of legal holds. Words, phrases, words near each other, AND, OR and "
            "NOT can be looked for there; other operators and patterns cannot."
        )
    else:
        yield f"In zips of legal holds: {answer.files:,} files in {answer.zips:,} zips match."
    for matter, line, found in beside.lines:
        yield f"    {_line(found.name)}, in a zip of {_line(line.name)}, matter {matter.pk}: {_line(found.text)}"
    if left.unread > 0 or left.unreadable > 0 or left.zips > 0:
        yield (
            f"In these zips not searched: {left.zips:,} not opened, {left.unread:,} files not read yet, "
            f"{left.unreadable:,} unreadable as a whole or in part."
        )


def _misunderstood(query: str, error: search.QueryError) -> str:
    marker = " " * error.start + "^" * max(1, error.end - error.start)
    return f"{error}\n  {inert.plain(search.shown(query))}\n  {marker}"


def _line(text: str) -> str:
    """A text on one line of a terminal, harmless and not endless."""
    line = re.sub(r"\s*\n\s*", " ⏎ ", inert.plain(text.strip())).replace("\t", " ")
    return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…"
