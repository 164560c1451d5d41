"""Tag Reports: which sessions were active, and what was said in them."""

from starlette.responses import Response

from sandbox import dates, pages, wire
from sandbox.clock import day_end_ms, day_start_ms
from sandbox.gate import Call, route
from sandbox.identity import number
from sandbox.reports import Window
from sandbox.wire import Refusal

_FIELDS = frozenset({"edited_messages", "deleted_messages"})


async def sessions(call: Call) -> Response:
    """Sessions in which something was sent in the window."""
    parameters = call.request.query_params
    first, last = dates.report_window(parameters, today=call.instance.clock.today())
    count = pages.size(parameters, maximum=300, default=30)
    place = call.place()
    rows = call.instance.report.sessions(start_ms=day_start_ms(first), end_ms=day_end_ms(last))
    rows.sort(key=_position)
    page, after = pages.cut(rows, place=place, count=count, key=_position)
    return wire.reply(
        {
            "from": first.isoformat(),
            "to": last.isoformat(),
            "page_size": count,
            "next_page_token": call.next_token(place, after),
            "sessions": page,
        }
    )


def _position(row: dict[str, object]) -> tuple[int, int]:
    """Sessions are listed by an order of their ids that fits into a page token."""
    return number(row["id"]) >> 2, 0


async def messages(call: Call) -> Response:
    """What was said in one session in the window."""
    parameters = call.request.query_params
    first, last = dates.report_window(parameters, today=call.instance.clock.today())
    count = pages.size(parameters, maximum=100, default=30)
    fields = set(filter(None, parameters.get("include_fields", "").split(",")))
    if not fields <= _FIELDS:
        raise Refusal(400, 300, "Invalid field: include_fields.")
    window = Window(
        start_ms=day_start_ms(first),
        end_ms=day_end_ms(last),
        link=call.link,
        edited="edited_messages" in fields,
        deleted="deleted_messages" in fields,
        bot_messages=call.flag("include_bot_message"),
        reactions=call.flag("include_reactions"),
        custom_reactions=call.flag("include_custom_emoji_reactions"),
        by_modification=call.flag("query_all_modifications"),
    )
    place = call.place()
    try:
        page = call.instance.report.page(call.path("sessionId"), window=window, place=place, count=count)
    except KeyError as error:
        raise Refusal(404, 404, f"Chat session does not exist: {call.path('sessionId')}.") from error
    head = {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "page_size": count,
        "next_page_token": call.next_token(place, page.next_after),
    }
    lists = [("messages", page.messages)]
    if window.edited:
        lists.append(("edited_messages", page.edited))
    if window.deleted:
        lists.append(("deleted_messages", page.deleted))
    body = wire.encode(head)[:-1] + b"".join(
        b',"%s":[%s]' % (name.encode(), b",".join(records)) for name, records in lists
    )
    return Response(body + b"}", media_type="application/json")


ROUTES = [route("reportChatSessions", sessions), route("reportChatMessages", messages)]
