"""The company directory, searched by name or e-mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zoom import paging
from zoom.calls import Caller
from zoom.records.contacts import ContactRecord
from zoom.replies import ListPage


@dataclass(frozen=True, slots=True)
class Contacts:
    """The account's operation tagged Contacts."""

    _caller: Caller

    def search(self, key: str, *, active: bool | None = None) -> Iterator[ListPage[ContactRecord]]:
        """People whose name or e-mail matches `key`, 25 a page; `active` narrows.

        API: searchCompanyContacts, MEDIUM.
        Scopes: contact:read:admin, contact:read;
        granular contact:read:list_contacts, contact:read:list_contacts:admin.
        """
        status = None if active is None else "active" if active else "inactive"
        return paging.listed(
            self._caller,
            "searchCompanyContacts",
            ContactRecord,
            name="contacts",
            page_size=25,
            query={"search_key": key, "user_status": status},
        )
