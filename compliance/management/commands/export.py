"""`manage.py export`: exports, through the same services as the pages.

export                                   every export (`--state ready`)
export show 7                            one: what will come, or came, with the digests of its parts
export ask matter 12 --title TITLE --reason WHY
                                         ask for one of a matter, a list, a search or a session (`--during 2026-11`);
                                         `--format csv --format pdf`, `--part-mb 650`, `--zone Europe/Berlin`
export make 7                            have exactly what `show` says made
export again 7                           make one again that expired: the same bytes
export work                              measure and make now what is due, and read the lists it is of

`--by ines` asks as somebody, with what they may see; without it the operator asks, who has the database anyway. Run twice
with the same words on one day, `ask` asks for one export.
"""

import json
import uuid
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from archive.packages.content import Format
from archive.search import SearchError
from compliance import gathering, inert, periods
from compliance.exports import asking, deciding, reading, running
from compliance.exports.choosing import Source
from compliance.hindrances import Absent, Hindrance
from compliance.models import Export

_KEYS = uuid.UUID("9d3c4f0e-7a0b-4f4e-8f35-0a4a0b6f2d11")
"""Under which the words of `ask` become the key by which it is done once a day."""


class Command(BaseCommand):
    help = "Exports; recorded in the audit trail like on the pages."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = ["list", "show", "ask", "make", "again", "work"]
        parser.add_argument("do", nargs="?", default="list", choices=verbs)
        parser.add_argument("of", nargs="?", default="", help="Which export; for `ask`, what kind of thing.")
        parser.add_argument("key", nargs="?", default="", help="Which thing to ask for.")
        parser.add_argument("--state", default="", choices=["", *Export.State.values])
        parser.add_argument("--by", default="", help="Who asks: a sign-in name; nobody: the operator.")
        parser.add_argument("--title", default="")
        parser.add_argument("--reason", default="")
        parser.add_argument("--format", action="append", default=[], choices=[one.value for one in Format])
        parser.add_argument("--part-mb", type=int, default=asking.USUAL_PART // 1_000_000)
        parser.add_argument("--zone", default="UTC")
        parser.add_argument("--during", default="", help="2026-11, 2026-Q4, 2026, 2026-11-03..2026-11-20.")
        parser.add_argument("--json", action="store_true", help="As one JSON value.")

    def handle(self, *_: Any, **options: Any) -> None:
        by = _person(options["by"])
        try:
            rows = self._rows(options, by)
        except Absent as error:
            raise CommandError("There is no such thing, or it is not to be seen.") from error
        except (Hindrance, SearchError, PermissionDenied) as error:
            raise CommandError(inert.plain(str(error))) from error
        if options["json"]:
            self.stdout.write(json.dumps(rows, indent=2))
            return
        for row in rows:
            self.stdout.write("  ".join(f"{name} {inert.plain(str(value))}" for name, value in row.items()))
        if not rows:
            self.stdout.write("No export.")

    def _rows(self, options: dict[str, Any], by: User | None) -> list[dict[str, Any]]:
        do, now = options["do"], timezone.now()
        if do == "work":
            while gathering.carry_out_next(clock=timezone.now) or running.carry_out_next(clock=timezone.now):
                pass
            do = "list"
        if do == "list":
            return [_line(row) for row in reading.page(state=options["state"], by=by, now=now).rows]
        if do == "ask":
            return _whole(asking.ask(_draft(options), by=by, now=now))
        export_id = _number(options["of"])
        if do == "make":
            row = reading.find(export_id=export_id, by=by, now=now)
            deciding.make(export_id=export_id, digest=row.digest, by=by, now=now)
        elif do == "again":
            deciding.again(export_id=export_id, by=by, now=now)
        return _whole(reading.seen(export_id=export_id, by=by, now=now).row)


def _line(row: Export) -> dict[str, Any]:
    return {"export": row.pk, "state": row.state, "title": row.title, "asked_at": row.asked_at.isoformat()}


def _whole(row: Export) -> list[dict[str, Any]]:
    """One export, and a line for each of its parts."""
    row.refresh_from_db()
    counted = {} if row.contents is None else {"messages": row.contents["messages"], "sha256": row.digest}
    said = {"says": row.ending or row.last_error} if row.ending or row.last_error else {}
    return [{**_line(row), **counted, **said}, *(dict(part) for part in row.parts or [])]


def _draft(options: dict[str, Any]) -> asking.Draft:
    if options["of"] not in Export.Kind.values:
        raise CommandError(f"Ask for a {', '.join(Export.Kind.values)}.")
    period = None
    if options["during"]:
        period = periods.read(options["during"], zone=options["zone"])
        if period is None:
            raise CommandError("--during takes 2026-11, 2026-Q4, 2026 or 2026-11-03..2026-11-20.")
    names = ("of", "key", "by", "title", "reason", "format", "part_mb", "zone", "during")
    words = [str(timezone.now().date()), *(str(options[name]) for name in names)]
    return asking.Draft(
        source=Source(Export.Kind(options["of"]), _number(options["key"]), period=period),
        title=options["title"],
        reason=options["reason"],
        formats=frozenset(Format(one) for one in options["format"]),
        part_bytes=options["part_mb"] * 1_000_000,
        zone=options["zone"],
        request_key=uuid.uuid5(_KEYS, json.dumps(words)),
    )


def _number(key: str) -> int:
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        raise CommandError("Say which one, by its number.")
    return int(key)


def _person(name: str) -> User | None:
    if name == "":
        return None
    found = User.objects.filter(username=name, is_active=True).first()
    if found is None:
        raise CommandError(f"There is nobody called {name}.")
    return found
