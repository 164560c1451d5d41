"""Lists that come in pages, read from the first page to the last.

A page token lives fifteen minutes. When it is dead the list starts again from its first page, under the
next `attempt` number, a few times at most; a consumer may have stored pages of the earlier attempt, so
storing must be repeatable. A token that comes back a second time would go round in circles: the page is asked
for again, and when that does not help the reply is refused with its bytes.

Page size and token go into the query, or into the body where the operation is a search that is a POST.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

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


class _Question(NamedTuple):
    """What is asked on each page alike."""

    id: str
    query: Values
    content: Values | None
    ids: Mapping[str, str]


def pages(
    caller: Caller,
    id: str,
    *,
    lists: tuple[str, ...],
    build: Callable[[Slices, dict[str, Any]], P],
    page_size: int | None,
    query: Values = NO_VALUES,
    content: Values | None = None,
    ids: Mapping[str, str] = NO_IDS,
) -> Iterator[P]:
    """Each page of the list; `build` makes it from the slices of the lists and the page's own fields.

    `page_size` is the largest that Zoom allows, None where the operation has no such parameter. Raises
    InvalidParameter at once, not when the first page is asked for.
    """
    operation = OPERATIONS[id]
    if operation.is_paged_by_body:
        content = {**(content or {}), "page_size": page_size}
    elif page_size is not None:
        query = {**query, "page_size": page_size}
    checks.query(operation, query)
    checks.body(operation, content)
    calls.path_of(operation, ids)
    return _from_the_start(caller, _Question(id, query, content, ids), lists, build)


def _from_the_start(
    caller: Caller,
    question: _Question,
    lists: tuple[str, ...],
    build: Callable[[Slices, dict[str, Any]], P],
) -> Iterator[P]:
    for attempt in range(MAX_RESTARTS + 1):
        try:
            yield from _attempt(caller, question, lists, build, attempt)
        except PageTokenExpired:
            if attempt == MAX_RESTARTS:
                raise
            _log.info("zoom.list_restarted", operation=question.id, attempt=attempt + 1)
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
    content: Values | None = None,
    ids: Mapping[str, str] = NO_IDS,
) -> Iterator[ListPage[R]]:
    """Each page of a list of one kind of records, found under `name` in the reply."""

    def build(found: Slices, fields: dict[str, Any]) -> ListPage[R]:
        return ListPage(records=decoding.records(kind, found[0]), **fields)

    return pages(
        caller, id, lists=(name,), build=build, page_size=page_size, query=query, content=content, ids=ids
    )


def _attempt(
    caller: Caller,
    question: _Question,
    lists: tuple[str, ...],
    build: Callable[[Slices, dict[str, Any]], P],
    attempt: int,
) -> Iterator[P]:
    id, query, content, ids = question
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

        page, token = caller.call(id, read=read, query=query, content=content, page_token=token, ids=ids)
        yield page
        if not token:
            return
        sent.add(token)
