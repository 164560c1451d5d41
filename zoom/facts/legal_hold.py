"""Tag Legal Hold: matters and the zips of their custodians."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from zoom.facts.rows import Given, Label, Paged, row

_READ = "chat_history_legal_hold:read:admin chat_history_legal_hold:write:admin"
_WRITE = "chat_history_legal_hold:write:admin"

Name = Annotated[str, Meta(min_length=1, max_length=128)]
Identifier = Annotated[str, Meta(min_length=1)]


class Matters(Paged, frozen=True, kw_only=True):
    """Which part of the list of matters."""

    page_size: Annotated[int, Meta(ge=1, le=100)] | None = None


class NewMatter(Given, frozen=True, kw_only=True):
    """A matter over 1 to 20 user ids or e-mails, each once."""

    matter_name: Name
    identifiers: Annotated[list[Identifier], Meta(min_length=1, max_length=20)]
    start_date: date | None = None
    end_date: date | None = None

    def __post_init__(self) -> None:
        if len(set(self.identifiers)) < len(self.identifiers):
            raise ValueError("identifiers: name each person once")
        if self.start_date is not None and self.end_date is not None and self.end_date < self.start_date:
            raise ValueError(f"end_date: it is before start_date ({self.start_date})")


class Renamed(Given, frozen=True, kw_only=True):
    """A matter's other name, the only thing of it that can change."""

    matter_name: Name


class Files(Paged, frozen=True, kw_only=True):
    """Whose zips."""

    identifier: Identifier
    page_size: Annotated[int, Meta(ge=1, le=20)] | None = None


class File(Given, frozen=True, kw_only=True):
    """Which zip."""

    file_key: Annotated[str, Meta(min_length=1)]


ROWS = (
    row(
        "listLegalHoldMatters",
        "GET /chat/legalhold/matters",
        Label.RESOURCE_INTENSIVE,
        scopes=_READ,
        granular="team_chat:read:list_legal_hold_matters:admin",
        query=Matters,
    ),
    row(
        "addLegalHoldMatter",
        "POST /chat/legalhold/matters",
        Label.RESOURCE_INTENSIVE,
        scopes=_WRITE,
        granular="team_chat:write:legal_hold_matter:admin",
        body=NewMatter,
    ),
    row(
        "updateLegalHoldMatter",
        "PATCH /chat/legalhold/matters/{matterId}",
        Label.LIGHT,
        scopes=_WRITE,
        granular="team_chat:update:legal_hold_matter:admin",
        body=Renamed,
    ),
    row(
        "deleteLegalHoldMatters",
        "DELETE /chat/legalhold/matters/{matterId}",
        Label.LIGHT,
        scopes=_WRITE,
        granular="team_chat:delete:legal_hold_matter:admin",
    ),
    row(
        "listLegalHoldFiles",
        "GET /chat/legalhold/matters/{matterId}/files",
        Label.LIGHT,
        scopes=_READ,
        granular="team_chat:read:list_legal_hold_matter_files:admin",
        query=Files,
    ),
    row(
        "downloadLegalHoldFiles",
        "GET /chat/legalhold/matters/{matterId}/files/download",
        Label.LIGHT,
        scopes=_READ,
        granular="team_chat:read:legal_hold_matter_file:admin",
        query=File,
    ),
)
