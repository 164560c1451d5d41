"""What is known of one operation: where it is, what it costs, who may call it, what it takes.

A row names the operation's parameters as msgspec structs whose annotations are the bounds that Zoom documents
(lengths, counts, ranges, choices); what must go together is said in `__post_init__`. `zoom.checks` holds a
call against them before a request is spent, and the tests hold them against the vendor's description.

Scopes come in two generations, classic and granular; an app holds one or the other and any one listed scope
is enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import msgspec


class Label(StrEnum):
    """The rate-limit label that an operation is charged to; `UPLOAD` is the file hosts' own limit."""

    LIGHT = "LIGHT"
    MEDIUM = "MEDIUM"
    HEAVY = "HEAVY"
    RESOURCE_INTENSIVE = "RESOURCE-INTENSIVE"
    UPLOAD = "UPLOAD"


class Host(StrEnum):
    """Which of Zoom's hosts answers: the API, or one of the two that take files."""

    API = "api"
    FILE = "file"
    EMOJI = "fileapi"


class Given(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of one operation; `None` means not given, and then nothing is sent."""


class Paged(Given, frozen=True, kw_only=True):
    """A list that comes in pages."""

    next_page_token: str | None = None


class Nothing(Given, frozen=True, kw_only=True):
    """No parameters."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One operation: `path` has its parameters in braces, `label` is None where Zoom publishes none."""

    id: str
    method: str
    path: str
    label: Label | None
    scopes: tuple[str, ...]
    granular: tuple[str, ...]
    query: type[Given] = Nothing
    body: type[Given] | None = None
    host: Host = Host.API
    is_reading: bool = False
    is_upload: bool = False
    """Its body is a form with a file in it; `zoom.uploads` sends it."""

    @property
    def budget(self) -> Label:
        """What a call is charged to: the label, or the file hosts' own limit."""
        return Label.UPLOAD if self.label is None or self.host is not Host.API else self.label

    @property
    def is_repeatable(self) -> bool:
        """Whether doing it twice is doing it once, so that an unknown outcome may be tried again."""
        return self.method != "POST" or self.is_reading

    @property
    def is_paged_by_body(self) -> bool:
        """Whether page size and page token go into the body, as with a search that is a POST."""
        return self.body is not None and issubclass(self.body, Paged)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of its query parameters, as they are sent."""
        return tuple(field.encode_name for field in msgspec.structs.fields(self.query))

    @property
    def required(self) -> tuple[str, ...]:
        """Those query parameters that must be given."""
        return tuple(field.encode_name for field in msgspec.structs.fields(self.query) if field.required)

    def is_allowed_by(self, granted: frozenset[str]) -> bool:
        """Whether a token with these scopes may call the operation."""
        return not granted.isdisjoint((*self.scopes, *self.granular))


def row(
    id: str,
    request: str,
    label: Label | None,
    *,
    scopes: str,
    granular: str = "",
    query: type[Given] = Nothing,
    body: type[Given] | None = None,
    host: Host = Host.API,
    is_reading: bool = False,
    is_upload: bool = False,
) -> Operation:
    """A row from its compact spelling: `METHOD /path`, scopes parted by spaces."""
    method, path = request.split()
    return Operation(
        id=id,
        method=method,
        path=path,
        label=label,
        scopes=tuple(scopes.split()),
        granular=tuple(granular.split()),
        query=query,
        body=body,
        host=host,
        is_reading=is_reading,
        is_upload=is_upload,
    )


def check_one_place(to_contact: str | None, to_channel: str | None) -> None:
    """A message is with a contact or in a channel: exactly one of the two must be named."""
    if (to_contact is None) == (to_channel is None):
        raise ValueError("to_contact, to_channel: name exactly one of them")
