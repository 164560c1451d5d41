"""`manage.py unreadable`: the files whose insides are not searched, with the reason of each; recorded in the trail."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from archive import readable
from archive.search import unsearched
from compliance import investigations
from compliance.sightings import UnsearchedFiles


class Command(BaseCommand):
    help = "List the files that cannot be read inside, and with --waiting those that have not been yet."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="As one JSON object.")
        parser.add_argument("--waiting", action="store_true", help="Those not fetched, read or indexed yet.")
        parser.add_argument("--limit", type=int, default=1_000, help="At most so many, up to 1,000 (1,000).")
        parser.add_argument("--before", type=int, help="From beyond this file: `next` of the page before.")

    def handle(self, *_: Any, **options: Any) -> None:
        found = investigations.unsearched_files(
            only_unread=options["waiting"],
            before=options["before"],
            limit=options["limit"],
            by=None,
            now=timezone.now(),
        )
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(found), indent=2))
        else:
            self._tell(found)

    def _tell(self, found: UnsearchedFiles) -> None:
        counts = found.page.counts
        self.stdout.write(
            f"{counts.unreadable:,} unreadable as a whole or in part, {counts.unread:,} not read yet."
        )
        for file in found.page.files:
            where = readable.printed(found.sessions.get(file.session_id, ""))
            self.stdout.write(
                f"{file.sent_at:%Y-%m-%d %H:%M} UTC  {where}  {readable.printed(file.name or 'unnamed file')}: "
                f"{file.sentence}  #{file.message_id}"
            )
            for name, sentence in file.entries:
                self.stdout.write(f"    {readable.printed(name)}: {sentence}")
        if found.page.next is not None:
            self.stdout.write(f"More: --before {found.page.next}")


def _as_json(found: UnsearchedFiles) -> dict[str, Any]:
    return {
        "unreadable": found.page.counts.unreadable,
        "unread": found.page.counts.unread,
        "next": found.page.next,
        "files": [_file(file, found.sessions) for file in found.page.files],
    }


def _file(file: unsearched.File, sessions: dict[int, str]) -> dict[str, Any]:
    return {
        "file": file.attachment_id,
        "name": file.name,
        "kind": file.kind,
        "size_bytes": file.size_bytes,
        "message": file.message_id,
        "session": file.session_id,
        "session_name": sessions.get(file.session_id, ""),
        "sent_at": file.sent_at.isoformat(),
        "is_partly_read": file.is_partly_read,
        "reason": file.reason,
        "sentence": file.sentence,
        "entries": [{"name": name, "sentence": sentence} for name, sentence in file.entries],
    }
