"""Lists that come in pages, read from the first page to the last.

A page token lives fifteen minutes. When it is dead the list starts again from its first page, under the
next `attempt` number, a few times at most; a consumer may have stored pages of the earlier attempt, so
storing must be repeatable. A token that comes back a second time would go round in circles: the page is asked
for again, and when that does not help the reply is refused with its bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import structlog

from zoom import calls, checks, decoding
from zoom.calls import NO_IDS, NO_VALUES, Caller, Values
from zoom.decoding import Record
from zoom.errors import PageTokenExpired, UnexpectedReply
from zoom.operations.table import OPERATIONS
from zoom.replies import ListPage, Page, Reply

MAX_RESTARTS = 3

_log = structlog.get_logger()

P = TypeVar("P", bound=Page)
R = TypeVar("R", bound=Record)
Slices = list[list[bytes]]


def pages(
    caller: Caller,
    id: str,
    *,
    lists: tuple[str, ...],
    build: Callable[[Slices, dict[str, Any]], P],
    page_size: int | None,
    query: Values = NO_VALUES,
    ids: Mapping[str, str] = NO_IDS,
) -> Iterator[P]:
    """Each page of the list; `build` makes it from the slices of the lists and the page's own fields.

    `page_size` is the largest that Zoom allows, None where the operation has no such parameter. Raises
    InvalidParameter at once, not when the first page is asked for.
    """
    sized = query if page_size is None else {**query, "page_size": page_size}
    operation = OPERATIONS[id]
    checks.query(operation, sized)
    calls.path_of(operation, ids)
    return _from_the_start(caller, id, lists, build, sized, ids)


def _from_the_start(
    caller: Caller,
    id: str,
    lists: tuple[str, ...],
    build: Callable[[Slices, dict[str, Any]], P],
    query: Values,
    ids: Mapping[str, str],
) -> Iterator[P]:
    for attempt in range(MAX_RESTARTS + 1):
        try:
            yield from _attempt(caller, id, lists, build, attempt, query, ids)
        except PageTokenExpired:
            if attempt == MAX_RESTARTS:
                raise
            _log.info("zoom.list_restarted", operation=id, attempt=attempt + 1)
        else:
            return


def listed(
    caller: Caller,
    id: str,
    kind: type[R],
    *,
    name: str,
    page_size: int | None,
    query: Values = NO_VALUES,
    ids: Mapping[str, str] = NO_IDS,
) -> Iterator[ListPage[R]]:
    """Each page of a list of one kind of records, found under `name` in the reply."""

    def build(found: Slices, fields: dict[str, Any]) -> ListPage[R]:
        return ListPage(records=decoding.records(kind, found[0]), **fields)

    return pages(caller, id, lists=(name,), build=build, page_size=page_size, query=query, ids=ids)


def _attempt(
    caller: Caller,
    id: str,
    lists: tuple[str, ...],
    build: Callable[[Slices, dict[str, Any]], P],
    attempt: int,
    query: Values,
    ids: Mapping[str, str],
) -> Iterator[P]:
    token = ""
    sent: set[str] = set()
    number = 0
    while True:
        number += 1

        def read(
            reply: Reply, number: int = number, tokens: frozenset[str] = frozenset(sent)
        ) -> tuple[P, str]:
            found, following = decoding.listed(
                reply.body, lists=lists, status=reply.status, request=reply.request
            )
            if following in tokens:
                raise UnexpectedReply(
                    f"{id}: page {number} leads back to an earlier one",
                    body=reply.body,
                    damaged=True,
                    status=reply.status,
                    request=reply.request,
                )
            fields = {
                "request": reply.request,
                "received_at": reply.received_at,
                "status": reply.status,
                "body": reply.body,
                "number": number,
                "attempt": attempt,
                "is_last": not following,
            }
            return build(found, fields), following

        page, token = caller.call(id, read=read, query=query, page_token=token, ids=ids)
        yield page
        if not token:
            return
        sent.add(token)
