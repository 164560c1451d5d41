"""Tag Contacts: the company directory and a user's own contacts."""

from typing import Annotated, Literal

from msgspec import Meta

from zoom.facts.rows import Label, Paged, row


class Search(Paged, frozen=True, kw_only=True):
    """Whom to look for."""

    search_key: Annotated[str, Meta(min_length=1)]
    query_presence_status: bool | None = None
    page_size: Annotated[int, Meta(ge=1, le=25)] | None = None
    contact_types: str | None = None
    user_status: Literal["active", "inactive"] | None = None


ROWS = (
    row(
        "searchCompanyContacts",
        "GET /contacts",
        Label.MEDIUM,
        scopes="contact:read:admin contact:read",
        granular="contact:read:list_contacts contact:read:list_contacts:admin",
        query=Search,
    ),
)
