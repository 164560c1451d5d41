"""The zips Zoom makes for a matter's holds, for its members: how each stands, and what differs.

Shows names of custodians, states, sizes and counts. The names of the files inside a zip are part of what was said: only
who may read messages sees those, and each look is in the audit trail.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from archive import holdings, search
from archive.search import held_files
from compliance import audit, matters, permissions
from compliance.hindrances import Absent
from compliance.models import Matter, ZoomMatter
from compliance.permissions import Action

OPEN = ("waiting", "due", "claimed", "failed")
"""States of a zip that is not here and may still come."""
WRONG = ("mismatch", "gone", "failed")
MOST_BESIDE = 5
"""Files in zips that are shown beside the messages of a search; the page of the zips has them all."""
NOTHING = held_files.Unsearched(0, 0, 0, 0)


class NoSuchZip(Absent):
    """There is no such zip, or it is none of this matter's."""


@dataclass(frozen=True)
class Line:
    """One zip beside the custodian's name."""

    name: str
    zip: holdings.Zip


@dataclass(frozen=True)
class Person:
    """One custodian of a matter at Zoom, and how listing their zips goes."""

    name: str
    listing: holdings.Listing


@dataclass(frozen=True)
class Seen:
    """A page of a matter's zips. `zoom_matters` counts the matters at Zoom behind it, ended ones too."""

    matter: Matter
    zoom_matters: int
    summary: holdings.Summary
    lines: Sequence[Line]
    following: int | None
    people: Sequence[Person]
    moving: Sequence[Line]

    @property
    def wrong(self) -> int:
        """Zips with which something is wrong: not as Zoom said, not to be had, or not opened as a whole."""
        openings = self.summary.openings
        states = sum(self.summary.states[state] for state in WRONG)
        return states + openings["refused"] + openings["broken"] + openings["partly"]


@dataclass(frozen=True)
class Progress:
    """What moves: the zips being brought, and the figures around them."""

    matter: Matter
    summary: holdings.Summary
    lines: Sequence[Line]


@dataclass(frozen=True)
class Inside:
    """A page of what is inside one zip; `following` is None on the last."""

    matter: Matter
    line: Line
    entries: Sequence[holdings.Entry]
    following: int | None


@dataclass(frozen=True)
class Findings:
    """What was found in zips, each beside its zip; `answer` is None for a query that asks for more than words."""

    answer: held_files.Answer | None
    lines: Sequence[tuple[Line, held_files.Found]]


@dataclass(frozen=True)
class Beside:
    """What a search finds in zips, beside the messages: each file with the matter and the zip it is from.

    `answer` is None for a query that cannot be asked of zips.
    """

    answer: held_files.Answer | None
    lines: Sequence[tuple[Matter, Line, held_files.Found]]
    unsearched: held_files.Unsearched
    matters: Sequence[Matter]
    """Those whose zips were searched."""

    @property
    def figures(self) -> dict[str, bool | int | None]:
        """The counts by the names programs know them by; None where nothing was searched."""
        answer, left = self.answer, self.unsearched
        return {
            "is_searched": answer is not None,
            "files": None if answer is None else answer.files,
            "zips": None if answer is None else answer.zips,
            "files_in_all": left.files,
            "files_unread": left.unread,
            "files_unreadable": left.unreadable,
            "zips_unopened": left.zips,
        }


def seen(*, matter_id: int, after: int = 0, by: User | None, now: datetime) -> Seen:
    """A page of the zips of a matter, and how listing them goes. Raises matters.NoSuchMatter."""
    with transaction.atomic():
        matter = matters.get(matter_id=matter_id, by=by)
        _looked(matter, {"at": "files"}, by=by, now=now)
    ids = matters.ids_at_zoom(matter)
    zips, following = holdings.files(ids, account_id=matter.account_id, after=after)
    names = matters.Names(matter)
    return Seen(
        matter=matter,
        zoom_matters=len(ids),
        summary=holdings.summary(ids, account_id=matter.account_id),
        lines=[Line(names.of(one), one) for one in zips],
        following=following,
        people=[Person(names.of(one), one) for one in holdings.listings(ids, account_id=matter.account_id)],
        moving=[Line(names.of(one), one) for one in holdings.moving(ids, account_id=matter.account_id)],
    )


def progress(*, matter_id: int, by: User | None) -> Progress:
    """How far the zips are that are being brought. Raises matters.NoSuchMatter."""
    matter = matters.get(matter_id=matter_id, by=by)
    ids, names = matters.ids_at_zoom(matter), matters.Names(matter)
    moving = holdings.moving(ids, account_id=matter.account_id)
    return Progress(
        matter,
        holdings.summary(ids, account_id=matter.account_id),
        [Line(names.of(one), one) for one in moving],
    )


def inside(*, matter_id: int, zip_id: int, after: int = -1, by: User | None, now: datetime) -> Inside:
    """A page of what is inside a zip of a matter. Raises matters.NoSuchMatter or NoSuchZip."""
    with transaction.atomic():
        matter = matters.get(matter_id=matter_id, action=Action.READ_MESSAGES, by=by)
        one = holdings.one(zip_id, matters.ids_at_zoom(matter), account_id=matter.account_id)
        if one is None:
            raise NoSuchZip
        _looked(matter, {"at": "zip", "zip": zip_id}, by=by, now=now)
    entries, following = holdings.entries(zip_id, after=after)
    return Inside(matter, Line(matters.Names(matter).of(one), one), entries, following)


def find(*, matter_id: int, query: str, after: int = 0, by: User | None, now: datetime) -> Findings:
    """The files in a matter's zips that have every word of a query.

    Raises matters.NoSuchMatter, and search.QueryError for a query that makes no sense.
    """
    with transaction.atomic():
        matter = matters.get(matter_id=matter_id, action=Action.READ_MESSAGES, by=by)
        ids = matters.ids_at_zoom(matter)
        answer = held_files.find(query, ids, account_id=matter.account_id, after=after, now=now)
        found = () if answer is None else answer.found
        details: dict[str, object] = {
            "at": "zips",
            "query": search.shown(query),
            "found": None if answer is None else answer.files,
            "shown": [[one.hold_file_id, one.number] for one in found],
        }
        audit.record(
            action=audit.Action.SEARCHED, subject=f"matter/{matter_id}", details=details, by=by, now=now
        )
    zips = holdings.some({one.hold_file_id for one in found}, account_id=matter.account_id)
    names = matters.Names(matter)
    lines = {one.id: Line(names.of(one), one) for one in zips}
    return Findings(answer, [(lines[one.hold_file_id], one) for one in found])


def beside(*, query: str, matter: Matter | None = None, by: User | None, now: datetime) -> Beside | None:
    """What a search finds in the zips of one matter, or of all of the person's; None where there are none to be seen.

    Whoever gives a matter has made sure that the person may see it. Raises search.QueryError.
    """
    if by is not None and not permissions.can(Action.READ_MESSAGES, by=by):
        return None
    mine = matters.of(by) if matter is None else Matter.objects.filter(pk=matter.pk)
    rows = (
        ZoomMatter.objects.filter(matter__in=mine).exclude(zoom_id="").select_related("matter").order_by("pk")
    )
    of_place = {(row.matter.account_id, row.zoom_id): row.matter for row in rows}
    unsearched = held_files.unsearched(list(of_place)) if len(of_place) > 0 else NOTHING
    if unsearched == NOTHING:
        return None
    with transaction.atomic():
        answer = held_files.find_in(list(of_place), query, now=now, limit=MOST_BESIDE)
        found = () if answer is None else answer.found
        details: dict[str, object] = {
            "at": "zips",
            "query": search.shown(query),
            "found": None if answer is None else answer.files,
            "shown": [[one.hold_file_id, one.number] for one in found],
        }
        subject = "archive" if matter is None else f"matter/{matter.pk}"
        audit.record(action=audit.Action.SEARCHED, subject=subject, details=details, by=by, now=now)
    return Beside(answer, list(_placed(found, of_place)), unsearched, list(dict.fromkeys(of_place.values())))


def _placed(
    found: Sequence[held_files.Found], of_place: Mapping[held_files.Place, Matter]
) -> Iterator[tuple[Matter, Line, held_files.Found]]:
    """Each file with where it is from."""
    zips = {
        one.id: (of_place[account_id, one.zoom_matter_id], one)
        for account_id in {account_id for account_id, _ in of_place}
        for one in holdings.some({one.hold_file_id for one in found}, account_id=account_id)
    }
    names = {matter.pk: matters.Names(matter) for matter, _ in zips.values()}
    for one in found:
        matter, zip_of = zips[one.hold_file_id]
        yield matter, Line(names[matter.pk].of(zip_of), zip_of), one


def _looked(matter: Matter, details: dict[str, object], *, by: User | None, now: datetime) -> None:
    audit.record(action=audit.Action.LOOKED, subject=f"matter/{matter.pk}", details=details, by=by, now=now)
