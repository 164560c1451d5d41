"""Tag Contacts."""

from sandbox.limits import Label
from sandbox.operations.rows import row

ROWS = (
    row(
        "getUserContacts",
        "GET /chat/users/me/contacts",
        Label.MEDIUM,
        classic="chat_contact:read",
        granular="team_chat:read:list_contacts",
    ),
    row(
        "getUserContact",
        "GET /chat/users/me/contacts/{identifier}",
        Label.MEDIUM,
        classic="chat_contact:read",
        granular="team_chat:read:contact",
    ),
    row(
        "searchCompanyContacts",
        "GET /contacts",
        Label.MEDIUM,
        classic="contact:read:admin contact:read",
        granular="contact:read:list_contacts contact:read:list_contacts:admin",
    ),
)
