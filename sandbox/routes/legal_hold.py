"""Tag Legal Hold: matters, the zips of each custodian, and their bytes."""

import uuid
from datetime import date

import msgspec
from starlette.responses import Response

from sandbox import hold_zip, pages, ranges, wire
from sandbox.faults import Kind
from sandbox.gate import Call, route
from sandbox.matters import Matter
from sandbox.people import Person
from sandbox.wire import Refusal

_NAME_LENGTH = 128
_PEOPLE = 20


async def matters(call: Call) -> Response:
    """Every matter, in order of creation."""
    count = pages.size(call.request.query_params, maximum=100, default=30)
    place = call.place()
    rows = sorted(call.world.matters.values(), key=_position)
    page, after = pages.cut(rows, place=place, count=count, key=_position)
    return wire.reply(
        {
            "legal_hold_matters": [_row(call, matter) for matter in page],
            "next_page_token": call.next_token(place, after),
            "page_size": count,
        }
    )


async def create(call: Call) -> Response:
    """A new matter over one to twenty people."""
    body = await body_of(call)
    identifiers = body.get("identifiers")
    if not isinstance(identifiers, list) or not 1 <= len(identifiers) <= _PEOPLE:
        raise Refusal(400, 300, f"Invalid field: identifiers must name 1 to {_PEOPLE} users.")
    if len(set(map(str, identifiers))) < len(identifiers):
        raise Refusal(400, 300, "Invalid field: identifiers must be unique.")
    name = _name(body)
    people = [_inside(call, str(one)) for one in identifiers]
    now = call.instance.clock.now_ms()
    start = _date(body, "start_date") or call.instance.clock.today()
    end = _date(body, "end_date")
    if end is not None and end < start:
        raise Refusal(400, 300, "Invalid field: end_date must not be before start_date.")
    matter = Matter(str(uuid.uuid4()), name, [one.id for one in people], now, start, end)
    call.world.open_matter(matter)
    return wire.reply({"matter_id": matter.id}, status=201)


async def rename(call: Call) -> Response:
    """A matter's name: the only thing about it that can change."""
    matter = _matter(call)
    call.world.rename_matter(matter, _name(await body_of(call)))
    return Response(status_code=204)


async def delete(call: Call) -> Response:
    """End a matter, and the hold with it."""
    call.world.end_matter(_matter(call))
    return Response(status_code=204)


async def files(call: Call) -> Response:
    """The zips of one custodian, a month each, oldest first."""
    matter = _matter(call)
    identifier = call.query("identifier")
    if identifier is None:
        raise Refusal(400, 300, "Invalid field: identifier is required.")
    person = call.world.person(identifier)
    if person.id not in matter.person_ids:
        raise Refusal(404, 1001, f"User does not exist: {identifier}.")
    count = pages.size(call.request.query_params, maximum=20, default=5)
    place = call.place()
    rows = list(enumerate(hold_zip.parts(call.world, matter=matter, person=person)))
    page, after = pages.cut(rows, place=place, count=count, key=lambda row: (row[0], 0))
    waiting = Kind.HOLD_NOT_READY in call.hits
    return wire.reply(
        {
            "data": [part.row(ready=part.ready and not waiting) for _, part in page],
            "next_page_token": call.next_token(place, after),
            "page_size": count,
        }
    )


async def download(call: Call) -> Response:
    """One zip as a stream of bytes; ranges are served."""
    matter = _matter(call)
    part = hold_zip.part(call.world, matter=matter, file_key=call.query("file_key") or "")
    if part is None or not part.ready:
        raise Refusal(404, 404, "Legal hold file does not exist or is not ready.")
    return ranges.reply(
        part.content,
        wanted=call.request.headers.get("range"),
        corrupt=Kind.FILE_CORRUPTED in call.hits,
        media_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{part.name}"'},
    )


async def body_of(call: Call) -> dict[str, object]:
    """A JSON object sent as the body."""
    try:
        body = msgspec.json.decode(await call.request.body())
    except msgspec.DecodeError as error:
        raise Refusal(400, 300, "Request Body should be a valid JSON object.") from error
    if not isinstance(body, dict):
        raise Refusal(400, 300, "Request Body should be a valid JSON object.")
    return body


def _position(matter: Matter) -> tuple[int, int]:
    return matter.created_at, uuid.UUID(matter.id).int >> 68


def _row(call: Call, matter: Matter) -> dict[str, object]:
    people = [call.world.people[one] for one in matter.person_ids]
    row: dict[str, object] = {
        "matter_id": matter.id,
        "matter_name": matter.name,
        "matter_start_date": matter.start.isoformat(),
        "matter_creation_date": hold_zip.day_of(matter.created_at).isoformat(),
        "matter_users": [{"user_id": one.id, "email": one.email} for one in people],
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
        raise Refusal(404, 1001, f"User does not exist: {identifier}.")
    return person


def _name(body: dict[str, object]) -> str:
    name = body.get("matter_name")
    if not isinstance(name, str) or not 1 <= len(name) <= _NAME_LENGTH:
        raise Refusal(400, 300, f"Invalid field: matter_name must have 1 to {_NAME_LENGTH} characters.")
    return name


def _date(body: dict[str, object], name: str) -> date | None:
    given = body.get(name)
    if given is None:
        return None
    try:
        return date.fromisoformat(str(given))
    except ValueError as error:
        raise Refusal(400, 300, f"Invalid field: {name} must be a date in yyyy-mm-dd format.") from error


ROUTES = [
    route("listLegalHoldMatters", matters),
    route("addLegalHoldMatter", create),
    route("updateLegalHoldMatter", rename),
    route("deleteLegalHoldMatters", delete),
    route("listLegalHoldFiles", files),
    route("downloadLegalHoldFiles", download),
]
