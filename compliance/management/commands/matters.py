"""`manage.py matters`: legal-hold matters, through the same services as the pages.

matters                                  every matter (`--state active`)
matters show 12                          one: who is held, how each stands at Zoom
matters timeline 12                      everything that was done about it, newest first
matters open LIST --by ines --name NAME --reason WHY
                                         open one for the people of a list: an address or a name a line, `-` to read it
                                         from standard input; a line that nobody or several people answer to stops it.
                                         `--conversation NAME` holds what is said there, whoever says it; it may be given
                                         several times, and without a list
matters hold 12 --by ines --conversation NAME
                                         hold conversations themselves in an open matter; --since and --until are days of
                                         their own
matters work                             do at Zoom now what is due there

Run twice with the same words, `open` opens one matter. A conversation is held here only: Zoom's legal hold knows people.
Ending holds is asked for on the matter's page and decided there or with `manage.py approvals`.
"""

import json
import sys
import uuid
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from archive import candidates, conversations
from compliance import inert, matters, opening, places, placing, renaming, timeline
from compliance.models import Matter

Row = dict[str, Any]
_KEYS = uuid.UUID("6f0c7a52-5f0b-4c3e-9d0e-0d1f2a3b4c5d")
"""Under which the words of `open` become the key by which it is done once."""
_WORDS = ("by", "name", "reason", "since", "until", "said_only", "here_only")


class Command(BaseCommand):
    help = "Legal-hold matters; recorded in the audit trail like on the pages."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = ["list", "show", "timeline", "open", "hold", "work"]
        parser.add_argument("do", nargs="?", default="list", choices=verbs)
        parser.add_argument("key", nargs="?", default="", help="Which matter, or the list of people.")
        parser.add_argument("--state", default="", choices=["", *Matter.State.values])
        parser.add_argument("--by", default="", help="Who does it: a sign-in name.")
        parser.add_argument(
            "--conversation", action="append", default=[], help="What to hold itself, by its exact name."
        )
        parser.add_argument("--name", default="")
        parser.add_argument("--reason", default="")
        parser.add_argument("--account", type=int, help="Which account, where there are several.")
        parser.add_argument("--since", type=date.fromisoformat, help="The first day held, in UTC.")
        parser.add_argument("--until", type=date.fromisoformat, help="The last day held, in UTC.")
        parser.add_argument("--said-only", action="store_true", help="Not what custodians received.")
        parser.add_argument("--here-only", action="store_true", help="Not at Zoom.")
        parser.add_argument("--json", action="store_true", help="As one JSON value.")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            rows = self._rows(options)
        except matters.NoSuchMatter as error:
            raise CommandError(f"There is no matter {options['key']}.") from error
        except (opening.Unfit, places.Unfit, PermissionDenied) as error:
            raise CommandError(inert.plain(str(error))) from error
        if options["json"]:
            self.stdout.write(json.dumps(rows, indent=2))
            return
        for row in rows:
            self.stdout.write("  ".join(f"{name} {_short(value)}" for name, value in row.items()))
        if not rows:
            self.stdout.write("No matter.")

    def _rows(self, options: dict[str, Any]) -> list[Row]:
        do, key = options["do"], options["key"]
        if do == "work":
            return [{"done": placing.work(clock=timezone.now) + renaming.work(clock=timezone.now)}]
        if do == "open":
            return [_open(options)]
        if do == "list":
            return _list(options["state"])
        if not (key.isascii() and key.isdigit()):
            raise CommandError(f"Say which: matters {do} NUMBER.")
        if do == "hold":
            return _hold(int(key), options)
        return _show(int(key)) if do == "show" else _timeline(int(key))


def _list(state: str) -> list[Row]:
    rows: list[Row] = []
    before: int | None = None
    while True:
        page = matters.page(state=state, before=before, by=None, now=timezone.now())
        rows += [
            {
                "matter": line.matter.pk,
                "name": line.matter.name,
                "state": line.matter.state,
                "opened": line.matter.opened_at.isoformat(),
                "custodians": line.custodians,
                "conversations": line.places,
                "waiting": line.waiting,
                "refused": line.refused,
            }
            for line in page.lines
        ]
        before = page.older
        if before is None:
            return rows


def _show(key: int) -> list[Row]:
    seen = matters.seen(matter_id=key, by=None, now=timezone.now())
    people: list[Row] = [
        {
            "custodian": one.custodian.pk,
            "name": one.custodian.name,
            "email": one.custodian.email,
            "held": one.custodian.dropped_at is None,
            "since": one.custodian.added_at.isoformat(),
            "at_zoom": one.at_zoom,
            "zoom_ids": ", ".join(one.zoom_ids),
            "reason": one.reason,
        }
        for one in matters.held(seen.matter)
    ]
    return people + _places(places.every(seen.matter))


def _places(lines: list[places.Line]) -> list[Row]:
    return [
        {
            "conversation": one.hold.session_id,
            "name": one.hold.session_name,
            "held": one.hold.released_at is None,
            "since": one.hold.placed_at.isoformat(),
            "by": one.hold.placed_by_name,
            "from": None if one.days.since is None else one.days.since.isoformat(),
            "to": None if one.days.until is None else one.days.until.isoformat(),
            "at_zoom": "never",
        }
        for one in lines
    ]


def _hold(key: int, options: dict[str, Any]) -> list[Row]:
    by = _person(options)
    matter = matters.get(matter_id=key, by=by)
    has_days = options["since"] is not None or options["until"] is not None
    placed = places.hold(
        matter_id=key,
        session_ids=_conversations(options["conversation"], account_id=matter.account_id),
        days=places.Days(options["since"], options["until"]) if has_days else None,
        by=by,
        now=timezone.now(),
    )
    return _places([places.line(one) for one in placed])


def _conversations(names: list[str], *, account_id: int) -> list[int]:
    """The sessions that are called so; nothing is done when one of the names means none or several."""
    found = {name: conversations.called(name, account_id=account_id) for name in names}
    wrong = [
        f"{'none' if len(them) == 0 else 'several'}: {name}" for name, them in found.items() if len(them) != 1
    ]
    if wrong:
        raise CommandError(f"Nothing was held. {inert.plain('; '.join(wrong))}")
    return [them[0].session_id for them in found.values()]


def _person(options: dict[str, Any]) -> User:
    by = User.objects.filter(username=options["by"], is_active=True).first()
    if by is None:
        raise CommandError("Say who does it: --by NAME, the sign-in name of an active person.")
    return by


def _timeline(key: int) -> list[Row]:
    rows: list[Row] = []
    before = timeline.NEWEST
    while True:
        page = timeline.page(matter_id=key, before=before, by=None, now=timezone.now())
        rows += [
            {
                "event": line.event,
                "at": line.at.isoformat(),
                "by": line.who,
                "what": line.words.line,
                "why": line.words.why,
            }
            for line in page.lines
        ]
        if page.older is None:
            return rows
        before = page.older


def _open(options: dict[str, Any]) -> Row:
    by = _person(options)
    account_id = _account(options["account"])
    there = _conversations(options["conversation"], account_id=account_id)
    people = [] if options["key"] == "" and there else _people(options["key"], account_id=account_id)
    given = {name: str(options[name]) for name in _WORDS} | {"people": sorted(people), "account": account_id}
    given |= {"conversations": sorted(there)} if there else {}
    draft = opening.Draft(
        request_key=uuid.uuid5(_KEYS, json.dumps(given, sort_keys=True)),
        account_id=account_id,
        name=options["name"],
        reason=options["reason"],
        since=options["since"],
        until=options["until"],
        covers_received=not options["said_only"],
        at_zoom=not options["here_only"],
        person_ids=people,
        session_ids=there,
    )
    matter = opening.open_matter(draft, by=by, now=timezone.now())
    return {
        "matter": matter.pk,
        "name": matter.name,
        "custodians": matter.custodians.count(),
        "conversations": places.held(matter).count(),
    }


def _account(wanted: int | None) -> int:
    there = dict(candidates.accounts())
    if wanted in there:
        return wanted
    if wanted is None and len(there) == 1:
        return next(iter(there))
    listed = "; ".join(f"{key} {inert.plain(name)}" for key, name in there.items())
    raise CommandError(f"Say which account: --account NUMBER. There are: {listed or 'none'}.")


def _people(name: str, *, account_id: int) -> list[int]:
    if name == "":
        raise CommandError("Say whom to hold: a file with an address or a name a line, or - to read it.")
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"The list cannot be read: {error}") from error
    roll = candidates.called(text.splitlines(), account_id=account_id)
    if roll.unknown or roll.ambiguous:
        nobody = [f"nobody: {line}" for line in roll.unknown] + [
            f"several: {line}" for line in roll.ambiguous
        ]
        raise CommandError(f"Nothing was opened. {inert.plain('; '.join(nobody))}")
    return [one.person_id for one in roll.found]


def _short(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return inert.plain(str(value)).replace("\n", " ") or "-"
