"""Tag Legal Hold: matters, the zips of each custodian, and their bytes."""

import uuid
from datetime import date
from typing import Annotated

from msgspec import Meta
from starlette.responses import Response

from sandbox import asked, hold_zip, holds, pages, ranges, wire
from sandbox.asked import Asked, Paged
from sandbox.faults import Kind
from sandbox.gate import Call, route
from sandbox.matters import Matter
from sandbox.people import Person
from sandbox.wire import Refusal
from sandbox.world import Unknown

Name = Annotated[str, Meta(min_length=1, max_length=128)]


class Matters(Paged, frozen=True, kw_only=True):
    """Which part of the list."""

    page_size: Annotated[int, Meta(ge=1, le=100)] = 30


class NewMatter(Asked, frozen=True, kw_only=True):
    """A hold over one to twenty people."""

    matter_name: Name
    identifiers: Annotated[list[str], Meta(min_length=1, max_length=20)]
    start_date: date | None = None
    end_date: date | None = None

    def __post_init__(self) -> None:
        if len(set(self.identifiers)) < len(self.identifiers):
            raise ValueError("identifiers must be unique")


class Renamed(Asked, frozen=True, kw_only=True):
    """Another name."""

    matter_name: Name


class Files(Paged, frozen=True, kw_only=True):
    """Whose zips."""

    identifier: str
    page_size: Annotated[int, Meta(ge=1, le=20)] = 5


class File(Asked, frozen=True, kw_only=True):
    """Which zip."""

    file_key: str


async def matters(call: Call) -> Response:
    """Every matter, in order of creation."""
    given = asked.query(call, Matters)
    place = call.place()
    rows = sorted(call.world.matters.values(), key=_position)
    page, after = pages.cut(rows, place=place, count=given.page_size, key=_position)
    return wire.reply(
        {
            "legal_hold_matters": [_row(call, matter) for matter in page],
            "next_page_token": call.next_token(place, after),
            "page_size": given.page_size,
        }
    )


async def create(call: Call) -> Response:
    """A new matter over one to twenty people."""
    given = await asked.body(call, NewMatter)
    matter_id = holds.place(
        call.world,
        name=given.matter_name,
        person_ids=[_inside(call, one).id for one in given.identifiers],
        start=None if given.start_date is None else given.start_date.isoformat(),
        end=None if given.end_date is None else given.end_date.isoformat(),
        at=call.instance.clock.now_ms(),
    )
    return wire.reply({"matter_id": matter_id}, status=201)


async def rename(call: Call) -> Response:
    """A matter's name: the only thing about it that can change."""
    matter = _matter(call)
    given = await asked.body(call, Renamed)
    call.world.rename_matter(matter, given.matter_name)
    return Response(status_code=204)


async def delete(call: Call) -> Response:
    """End a matter, and the hold with it."""
    call.world.end_matter(_matter(call))
    return Response(status_code=204)


async def files(call: Call) -> Response:
    """The zips of one custodian, a month each, oldest first."""
    matter = _matter(call)
    given = asked.query(call, Files)
    person = call.world.person(given.identifier)
    if person.id not in matter.person_ids or Kind.CUSTODIAN_GONE in call.hits:
        raise Unknown(given.identifier)
    place = call.place()
    rows = list(enumerate(hold_zip.parts(call.world, matter=matter, person=person)))
    page, after = pages.cut(rows, place=place, count=given.page_size, key=lambda row: (row[0], 0))
    waiting = Kind.HOLD_NOT_READY in call.hits
    return wire.reply(
        {
            "data": [part.row(ready=part.ready and not waiting) for _, part in page],
            "next_page_token": call.next_token(place, after),
            "page_size": given.page_size,
        }
    )


async def download(call: Call) -> Response:
    """One zip as a stream of bytes; ranges are served."""
    matter = _matter(call)
    given = asked.query(call, File)
    part = hold_zip.part(call.world, matter=matter, file_key=given.file_key)
    if part is None or not part.ready:
        raise Refusal(404, 1001, "Legal hold file does not exist or is not ready.")
    named = {"Content-Disposition": f'attachment; filename="{part.name}"'}
    asked_for, tag = call.request.headers, ranges.etag(part.content)
    is_same = asked_for.get("if-range") in (None, tag)
    wanted = asked_for.get("range") if is_same and Kind.HOLD_NO_RANGES not in call.hits else None
    return ranges.reply(
        part.content,
        wanted=wanted,
        corrupt=Kind.FILE_CORRUPTED in call.hits,
        media_type="application/zip",
        headers=named if Kind.HOLD_NO_RANGES in call.hits else {**named, "ETag": tag},
    )


def _position(matter: Matter) -> tuple[int, int]:
    return matter.created_at, uuid.UUID(matter.id).int >> 68


def _row(call: Call, matter: Matter) -> dict[str, object]:
    people = [call.world.people[one] for one in matter.person_ids]
    row: dict[str, object] = {
        "matter_id": matter.id,
        "matter_name": matter.name,
        "matter_start_date": matter.start.isoformat(),
        "matter_creation_date": hold_zip.day_of(matter.created_at).isoformat(),
        "matter_users": [{"user_id": one.id, "email": one.email or ""} for one in people],
    }
    if matter.end is not None:
        row["matter_end_date"] = matter.end.isoformat()
    return row


def _matter(call: Call) -> Matter:
    found = call.world.matters.get(call.path("matterId"))
    if found is None:
        raise Refusal(404, 1001, "Legal hold matter does not exist.")
    return found


def _inside(call: Call, identifier: str) -> Person:
    person = call.world.person(identifier)
    if person.external:
        raise Unknown(identifier)
    return person


ROUTES = [
    route("listLegalHoldMatters", matters),
    route("addLegalHoldMatter", create),
    route("updateLegalHoldMatter", rename),
    route("deleteLegalHoldMatters", delete),
    route("listLegalHoldFiles", files),
    route("downloadLegalHoldFiles", download),
]
