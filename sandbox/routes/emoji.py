"""Tag Chat Emoji: the emoji the account made itself."""

from starlette.responses import Response

from sandbox import pages, wire
from sandbox.clock import iso
from sandbox.conversations import CustomEmoji
from sandbox.gate import Call, route
from sandbox.identity import number
from sandbox.wire import Refusal


async def custom(call: Call) -> Response:
    """Every custom emoji whose name contains the search key."""
    count = pages.size(call.request.query_params, maximum=50, default=10)
    key = call.query("search_key")
    if key is not None and not 3 <= len(key) <= 256:
        raise Refusal(
            400,
            5333,
            "Invalid parameter: search_key. The minimum length is 3 characters, "
            "the maximum length is 256 characters.",
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


ROUTES = [route("listCustomEmojis", custom)]
