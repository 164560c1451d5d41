"""Tag Contacts."""

from sandbox.limits import Label
from sandbox.operations.rows import row

ROWS = (
    row(
        "searchCompanyContacts",
        "GET /contacts",
        Label.MEDIUM,
        classic="contact:read:admin contact:read",
        granular="contact:read:list_contacts contact:read:list_contacts:admin",
    ),
)
