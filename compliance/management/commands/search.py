"""`manage.py search QUERY`: look for messages from the command line, through the audited door.

Prints what was understood, the exact number, how complete the answer is, and a line a message. What strangers wrote
cannot move the cursor or turn the line: control characters are shown as their code points.
"""

import json
import re
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from archive import search
from compliance import inert, investigations
from compliance.investigations import Findings, FoundMessage

LONGEST_LINE = 300


class Command(BaseCommand):
    help = "Look for messages; recorded in the audit trail like every search."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "query", help='For example: "wire transfer" from:mira after:2026-03 (in one argument)'
        )
        parser.add_argument("--json", action="store_true", help="As one JSON object.")
        parser.add_argument("--count", action="store_true", help="Only how many there are.")
        parser.add_argument(
            "--limit", type=int, default=50, help="At most so many messages, up to 1,000 (50)."
        )
        parser.add_argument("--oldest", action="store_true", help="Oldest first.")
        parser.add_argument("--after", default="", help="From beyond this place: `next` of the page before.")

    def handle(self, *_: Any, **options: Any) -> None:
        after = search.Place.from_text(options["after"]) if options["after"] else None
        if options["after"] and after is None:
            raise CommandError("--after takes what `next` said.")
        try:
            findings = investigations.messages(
                query=options["query"],
                after=after,
                order=search.Order.OLDEST if options["oldest"] else search.Order.NEWEST,
                limit=0 if options["count"] else max(1, options["limit"]),
                by=None,
                now=timezone.now(),
            )
        except search.QueryError as error:
            raise CommandError(_misunderstood(options["query"], error)) from error
        except search.SearchError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(findings), indent=2))
        elif options["count"]:
            self.stdout.write(str(findings.answer.count))
        else:
            self._tell(findings)

    def _tell(self, findings: Findings) -> None:
        answer = findings.answer
        self.stdout.write(f"{inert.plain(answer.explanation)}.")
        self.stdout.write(f"{answer.count:,} found. {_completeness(answer.coverage)}")
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
                f" {_line(found.wordings[-1].text)}{files}{marks}  #{glimpse.message_id}"
            )
        if answer.next is not None:
            self.stdout.write(f"More: --after {answer.next}")


def _as_json(findings: Findings) -> dict[str, Any]:
    answer = findings.answer
    waiting = answer.coverage.waiting_since
    return {
        "explanation": answer.explanation,
        "language": search.LANGUAGE_VERSION,
        "count": answer.count,
        "complete_to": answer.coverage.complete_to,
        "pending": answer.coverage.pending,
        "waiting_since": None if waiting is None else waiting.isoformat(),
        "next": None if answer.next is None else str(answer.next),
        "hits": [_hit(found) for found in findings.found],
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
        "texts": [wording.text for wording in found.wordings],
        "files": list(glimpse.files),
    }


def _completeness(coverage: search.Coverage) -> str:
    if coverage.pending == 0:
        return "Everything stored so far was searched."
    return f"{coverage.pending:,} records stored since {coverage.waiting_since:%Y-%m-%d %H:%M} UTC are not indexed yet."


def _misunderstood(query: str, error: search.QueryError) -> str:
    marker = " " * error.start + "^" * max(1, error.end - error.start)
    return f"{error}\n  {inert.plain(search.shown(query))}\n  {marker}"


def _line(text: str) -> str:
    """A text on one line of a terminal, harmless and not endless."""
    line = re.sub(r"\s*\n\s*", " ⏎ ", inert.plain(text.strip())).replace("\t", " ")
    return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…"
