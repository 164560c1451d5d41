"""Tag Chat Emoji: the emoji the account made itself."""

import re

from starlette.responses import Response

from sandbox import custom_emoji, multipart, pages, places, wire
from sandbox.clock import iso
from sandbox.conversations import CustomEmoji
from sandbox.files import Held
from sandbox.gate import Call, route
from sandbox.identity import number
from sandbox.wire import Refusal

LARGEST = 256 * 1024
_NAME = re.compile(r"[a-zA-Z_0-9]{3,100}", re.ASCII)
_PICTURES = frozenset({"png", "jpg", "jpeg", "gif"})
_INVALID = "The name has 3 to 100 letters, digits and underscores, the picture at most 256 KB."


async def custom(call: Call) -> Response:
    """Every custom emoji whose name contains the search key."""
    count = pages.size(call.request.query_params, maximum=50, default=10)
    key = call.query("search_key")
    if key is not None and not 3 <= len(key) <= 256:
        raise Refusal(
            400,
            5333,
            "Invalid field: search_key has 3 to 256 characters.",
        )
    place = call.place()
    rows = sorted((one for one in call.world.emoji.values() if key is None or key in one.name), key=_position)
    page, after = pages.cut(rows, place=place, count=count, key=_position)
    reply: dict[str, object] = {
        "emojis": [_row(call, one) for one in page],
        "next_page_token": call.next_token(place, after),
        "page_size": count,
    }
    if key is not None:
        reply["search_key"] = key
    return wire.reply(reply)


async def add(call: Call) -> Response:
    """A picture that everybody can react with from now on."""
    places.check_writable(call)
    form = await multipart.form(call, most=LARGEST)
    name, picture = form.field("name") or "", form.only_file("file")
    if _NAME.fullmatch(name) is None:
        raise Refusal(400, 300, _INVALID)
    if picture.extension not in _PICTURES:
        raise Refusal(400, 400, "An emoji is a picture: jpg, jpeg, png or gif.")
    if name in call.world.emoji:
        raise Refusal(409, 30010, "Duplicate custom emoji name.")
    now, me = call.instance.clock.now_ms(), call.world.person("me")
    file_id = call.world.upload(picture.name, Held(picture.data), at=now).id
    custom_emoji.add(call.world, file_id=file_id, name=name, by=me.id, at=now)
    return wire.reply({"file_id": file_id, "name": name}, status=201)


async def delete(call: Call) -> Response:
    """A custom emoji can no longer be used."""
    places.check_writable(call)
    file_id = call.path("fileId")
    found = next((one for one in call.world.emoji.values() if one.file_id == file_id), None)
    if found is None:
        raise Refusal(404, 5404, f"This custom emoji does not exist: '{file_id}'.")
    custom_emoji.delete(call.world, name=found.name, at=call.instance.clock.now_ms())
    return Response(status_code=204)


def _position(emoji: CustomEmoji) -> tuple[int, int]:
    return emoji.added_at, number(emoji.file_id) >> 2


def _row(call: Call, emoji: CustomEmoji) -> dict[str, object]:
    person = call.world.people[emoji.person_id]
    return {
        "file_id": emoji.file_id,
        "name": emoji.name,
        "user_id": person.shown_id,
        "member_id": person.member_id,
        "user_name": person.display_name,
        "user_email": person.shown_email,
        "date_added": iso(emoji.added_at),
    }


ROUTES = [
    route("listCustomEmojis", custom),
    route("addACustomEmoji", add),
    route("DeleteCustomEmoji", delete),
]
