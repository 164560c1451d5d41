"""`manage.py approvals`: requests that need a second person, through the same services as the pages.

approvals                                       the open ones (`--ended`: those that ended)
approvals show 7                                one, item by item, with its digest and what changed since
approvals approve 7 --by samir --digest DIGEST  approve exactly what that digest stands for
approvals refuse 7 --by samir --reason WHY      refuse it

Whoever has this shell speaks for a person by name; that person must be active and hold the right, and nobody approves
their own here either.
"""

import json
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from compliance import approvals, inert
from compliance.approvals import Seen, Show
from compliance.models import Request


class Command(BaseCommand):
    help = "Requests that need a second person; recorded in the audit trail like on the pages."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("do", nargs="?", default="list", choices=["list", "show", "approve", "refuse"])
        parser.add_argument("key", nargs="?", type=int, help="Which request.")
        parser.add_argument("--ended", action="store_true", help="List those that ended.")
        parser.add_argument("--by", default="", help="Who decides: a sign-in name.")
        parser.add_argument("--digest", default="", help="The SHA-256 that `show` prints.")
        parser.add_argument("--reason", default="", help="Why it is refused.")
        parser.add_argument("--json", action="store_true", help="As one JSON value.")

    def handle(self, *_: Any, **options: Any) -> None:
        if options["do"] == "list":
            self._print(_list(Show.ENDED if options["ended"] else Show.OPEN), as_json=options["json"])
            return
        if options["key"] is None:
            raise CommandError(f"Say which: approvals {options['do']} NUMBER.")
        try:
            if options["do"] == "show":
                seen = approvals.seen(request_id=options["key"], by=None, now=timezone.now())
                self._print([_whole(seen)], as_json=options["json"])
                return
            done = _decide(options)
        except approvals.NotThere as error:
            raise CommandError(f"There is no request {options['key']} that they may see.") from error
        except (approvals.Obstacle, PermissionDenied) as error:
            raise CommandError(inert.plain(str(error))) from error
        self._print([_line(done)], as_json=options["json"])

    def _print(self, rows: list[dict[str, Any]], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(rows, indent=2))
            return
        for row in rows:
            for name, value in row.items():
                if isinstance(value, list):
                    self.stdout.write(f"{name}:")
                    self.stdout.writelines(f"  {_short(one)}\n" for one in value)
                elif value is not None:
                    self.stdout.write(f"{name}: {_short(value)}")
            self.stdout.write("")
        if not rows:
            self.stdout.write("No request.")


def _decide(options: dict[str, Any]) -> Request:
    person = User.objects.filter(username=options["by"], is_active=True).first()
    if person is None:
        raise CommandError("Say who decides: --by NAME, the sign-in name of an active person.")
    if options["do"] == "refuse":
        return approvals.refuse(
            request_id=options["key"], reason=options["reason"], by=person, now=timezone.now()
        )
    if options["digest"] == "":
        raise CommandError("Say what is approved: --digest, as `approvals show` prints it.")
    return approvals.approve(
        request_id=options["key"], digest=options["digest"], by=person, now=timezone.now()
    )


def _list(show: Show) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    before: int | None = None
    while True:
        page = approvals.page(show=show, before=before, by=None, now=timezone.now())
        rows += [_line(request) for request in page.requests]
        before = page.older
        if before is None:
            return rows


def _line(request: Request) -> dict[str, Any]:
    return {
        "request": request.pk,
        "what": request.title,
        "kind": request.kind,
        "about": request.subject,
        "state": request.get_state_display(),
        "asked by": request.asked_by_name,
        "asked at": request.asked_at.isoformat(),
        "expires at": request.expires_at.isoformat(),
        "approved by": [one.person_name for one in request.approvals.all()] or None,
        "needs approvals": request.approvers,
        "runs after": None if request.runs_at is None else request.runs_at.isoformat(),
        "ended": None if request.ended_at is None else request.ended_at.isoformat(),
        "ending": request.ending or None,
    }


def _whole(seen: Seen) -> dict[str, Any]:
    request = seen.request
    changes = [f"{change.difference.value}: {change.words}" for change in seen.changes]
    return _line(request) | {
        "why": request.reason,
        "means": None if seen.kind is None else seen.kind.means,
        "counts": [f"{number:,} {words}" for words, number in request.counts.items()],
        "items": [f"{item['ref']}  {item['words']}" for item in request.items],
        "changed since": changes or None,
        "not possible any more": seen.no_longer or None,
        "intact": seen.is_intact,
        "digest": request.digest,
    }


def _short(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return inert.plain(str(value)).replace("\n", " ")
