"""The company directory, searched by name or e-mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zoom import paging
from zoom.calls import Caller
from zoom.records import ContactRecord, ListPage


@dataclass(frozen=True, slots=True)
class Contacts:
    """The account's operation tagged Contacts."""

    _caller: Caller

    def search(self, key: str, *, active: bool | None = None) -> Iterator[ListPage[ContactRecord]]:
        """People whose name or e-mail matches, 25 a page; `active` narrows (searchCompanyContacts)."""
        query = [("search_key", key)]
        if active is not None:
            query.append(("user_status", "active" if active else "inactive"))
        return paging.listed(
            self._caller, "searchCompanyContacts", ContactRecord, name="contacts", page_size=25, query=query
        )
