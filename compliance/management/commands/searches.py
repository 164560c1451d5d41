"""`manage.py searches`: the operator's saved searches and frozen lists, through the same services as the pages.

searches                 every saved search, with the operator's last run
searches run ID          run one again: what is new, changed and no longer found
searches lists           every frozen list with its digest
searches ids LIST        the ids of a frozen list, a line each: `sha256sum` of them is its digest
"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from archive import search
from compliance import inert, lists, saved
from compliance.investigations import NotHere
from compliance.models import MessageList
from compliance.saved import Part, Unfit


class Command(BaseCommand):
    help = "Saved searches and frozen lists; recorded in the audit trail like on the pages."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("do", nargs="?", default="list", choices=["list", "run", "lists", "ids"])
        parser.add_argument("key", nargs="?", type=int, help="Which search to run, or which list to print.")
        parser.add_argument("--json", action="store_true", help="As one JSON value.")

    def handle(self, *_: Any, **options: Any) -> None:
        if options["do"] in ("run", "ids") and options["key"] is None:
            raise CommandError(f"Say which: searches {options['do']} NUMBER.")
        try:
            if options["do"] == "ids":
                for line in lists.take(
                    list_id=options["key"], form=lists.Form.NDJSON, by=None, now=timezone.now()
                ):
                    self.stdout.write(line.decode(), ending="")
                return
            told = {"list": _searches, "lists": _lists}.get(options["do"])
            rows = told() if told is not None else [_run(options["key"])]
        except NotHere as error:
            raise CommandError(
                f"There is no {options['do']} {options['key']}, or it is not finished."
            ) from error
        except (Unfit, search.SearchError) as error:
            raise CommandError(inert.plain(str(error))) from error
        if options["json"]:
            self.stdout.write(json.dumps(rows, indent=2))
            return
        for row in rows:
            self.stdout.write("  ".join(f"{name} {_short(value)}" for name, value in row.items()))


def _searches() -> list[dict[str, Any]]:
    return [
        {
            "search": line.search.pk,
            "name": line.search.name,
            "query": line.search.query,
            "by": line.search.made_by_name,
            "shared": line.search.is_shared,
            "language": line.search.language,
            "last_run": None if line.last is None else _moment(line.last),
            "found": line.found,
        }
        for line in saved.lines(by=None, now=timezone.now())
    ]


def _run(key: int) -> dict[str, Any]:
    run = saved.run(search_id=key, by=None, now=timezone.now())
    if run.state != MessageList.State.DONE:
        return {"search": key, "state": run.state, "expected": run.total, "error": run.last_error or None}
    seen = saved.seen(search_id=key, by=None, now=timezone.now())
    return {
        "search": key,
        "found": seen.counts[Part.ALL],
        "new": seen.counts.get(Part.NEW),
        "changed": seen.counts.get(Part.CHANGED),
        "gone": seen.counts.get(Part.GONE),
        "since": None if seen.before is None else _moment(seen.before),
        "complete_to": run.complete_to,
        "pending": run.pending,
    }


def _lists() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    before: int | None = None
    while True:
        page, before = lists.lines(before=before, by=None, now=timezone.now())
        rows += [
            {
                "list": line.list.pk,
                "name": line.list.name,
                "query": line.list.query,
                "state": line.list.state,
                "frozen": _moment(line.list),
                "messages": line.count,
                "sha256": None if line.list.sha256 is None else bytes(line.list.sha256).hex(),
            }
            for line in page
        ]
        if before is None:
            return rows


def _moment(row: MessageList) -> str | None:
    return None if row.finished_at is None else row.finished_at.isoformat()


def _short(value: object) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return inert.plain(str(value)).replace("\n", " ")
