"""Tag Contacts: the company directory and a user's own contacts."""

from typing import Annotated, Literal

from msgspec import Meta

from zoom.facts.rows import Given, Label, Paged, row


class Mine(Paged, frozen=True, kw_only=True):
    """Which of the app's user's contacts: those of the account, or those outside it."""

    type: Literal["company", "external"] | None = None
    page_size: Annotated[int, Meta(ge=1, le=50)] | None = None


class One(Given, frozen=True, kw_only=True):
    """What to say of a contact."""

    query_presence_status: bool | None = None


class Search(Paged, frozen=True, kw_only=True):
    """Whom to look for; kinds of contact are numbered from 1 (a user of Zoom) to 8 (a Zoom Room)."""

    search_key: Annotated[str, Meta(min_length=1)]
    query_presence_status: bool | None = None
    page_size: Annotated[int, Meta(ge=1, le=25)] | None = None
    contact_types: Annotated[list[Annotated[int, Meta(ge=1, le=8)]], Meta(min_length=1)] | None = None
    user_status: Literal["active", "inactive"] | None = None

    def __post_init__(self) -> None:
        if self.user_status is not None and self.contact_types is not None and 1 not in self.contact_types:
            raise ValueError("user_status: only users of Zoom (contact type 1) have one")


ROWS = (
    row(
        "getUserContacts",
        "GET /chat/users/me/contacts",
        Label.MEDIUM,
        scopes="chat_contact:read",
        granular="team_chat:read:list_contacts",
        query=Mine,
    ),
    row(
        "getUserContact",
        "GET /chat/users/me/contacts/{identifier}",
        Label.MEDIUM,
        scopes="chat_contact:read",
        granular="team_chat:read:contact",
        query=One,
    ),
    row(
        "searchCompanyContacts",
        "GET /contacts",
        Label.MEDIUM,
        scopes="contact:read:admin contact:read",
        granular="contact:read:list_contacts contact:read:list_contacts:admin",
        query=Search,
    ),
)
