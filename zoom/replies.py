"""Good replies as they were received, and the pages that lists come in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from zoom.decoding import Record
from zoom.errors import RequestNote


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """A good reply as it was received: what was asked, when it came (UTC), and every byte."""

    request: RequestNote
    received_at: datetime
    status: int
    body: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Page(Reply):
    """A reply that is part of a list.

    `number` counts from 1 within an `attempt`; `attempt` grows by one whenever the list had to be read again
    from its beginning: a consumer then starts its counts afresh (storing a record twice is harmless).
    `is_last` says that no page follows.
    """

    number: int
    attempt: int
    is_last: bool


R = TypeVar("R", bound=Record)


@dataclass(frozen=True, kw_only=True, slots=True)
class ListPage(Page, Generic[R]):
    """A page of any other list."""

    records: tuple[R, ...] = field(repr=False)
