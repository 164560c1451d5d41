"""Calls of the tags Contacts, Invitations and IM Chat."""

from __future__ import annotations

from tests.conformance.scene import Scene


def mine(scene: Scene) -> None:
    """Inside the account, and outside."""
    for external in (False, True):
        (page,) = scene.client.contacts.list(external=external)
        assert len(page.records) > 0


CALLS = {
    "getUserContacts": mine,
    "getUserContact": lambda scene: scene.client.contacts.get(scene.ravi.id, presence=True),
    "searchCompanyContacts": lambda scene: scene.client.contacts.search(
        "acme", active=True, presence=True, types=[1]
    ),
    "sendNewContactInvitation": lambda scene: scene.client.invitations.send(
        user_id="me", email="vera@elsewhere.example", message="Let us talk"
    ),
    "sendimmessages": lambda scene: scene.client.im_chat.send(to=scene.ravi.email, message="hello"),
}
