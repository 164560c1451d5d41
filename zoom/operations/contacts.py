"""The company directory, and the contacts of the app's own user."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zoom import paging
from zoom.calls import Caller
from zoom.records.contacts import ContactDetails, ContactRecord, OwnContactRecord
from zoom.replies import ListPage


@dataclass(frozen=True, slots=True)
class Contacts:
    """The operations tagged Contacts."""

    _caller: Caller

    def list(self, *, external: bool = False) -> Iterator[ListPage[OwnContactRecord]]:
        """Contacts of the app's own user, 50 a page: those of the account, or those outside it.

        Needs a user-managed app. Contacts outside the account have no user id.

        API: getUserContacts, MEDIUM.
        Scopes: chat_contact:read; granular team_chat:read:list_contacts.
        """
        return paging.listed(
            self._caller,
            "getUserContacts",
            OwnContactRecord,
            name="contacts",
            page_size=50,
            query={"type": "external" if external else "company"},
        )

    def get(self, identifier: str, *, presence: bool = False) -> ContactDetails:
        """One contact of the app's own user, by user id, member id or e-mail, inside the account or outside.

        Needs a user-managed app. With `presence` the record says whether the person is there. Raises NotFound
        (1001) when there is no such contact, BadRequest (5301) when Zoom cannot tell the presence.

        API: getUserContact, MEDIUM.
        Scopes: chat_contact:read; granular team_chat:read:contact.
        """
        return self._caller.record(
            "getUserContact",
            ContactDetails,
            query={"query_presence_status": presence or None},
            ids={"identifier": identifier},
        )

    def search(
        self,
        key: str,
        *,
        active: bool | None = None,
        presence: bool = False,
        types: Sequence[int] | None = None,
    ) -> Iterator[ListPage[ContactRecord]]:
        """People whose first name, last name or e-mail matches `key`, 25 a page.

        `active` narrows to users who are active, or who are deactivated. `types` are numbers from 1 to 8; left
        out, Zoom takes 1, its users: 2 is an auto receptionist, 3 a common area phone, 4 a call queue, 5 a shared
        line group, 6 a shared directory, 7 a shared office contact, 8 a Zoom Room. With `presence` the records say
        who is there.

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
            query={
                "search_key": key,
                "user_status": status,
                "query_presence_status": presence or None,
                "contact_types": None if types is None else [*types],
            },
        )
