"""Who speaks in the pretend Zoom, and how each reply introduces them.

A person inside the account has a user id and an e-mail; of a person outside the API shows only the member id
and the display name: `sender` and `email` are then empty, as Zoom documents.
"""

from dataclasses import dataclass


@dataclass(slots=True)
class Person:
    """Someone who speaks, inside or outside the account."""

    id: str
    email: str | None
    display_name: str
    member_id: str
    external: bool = False
    bot: bool = False
    active: bool = True
    department: str = ""
    title: str = ""
    location: str = ""

    @property
    def shown_email(self) -> str | None:
        """The address as reports show it: empty outside the account."""
        return "" if self.external else self.email

    @property
    def shown_id(self) -> str:
        """The user id as the API shows it: empty outside the account."""
        return "" if self.external else self.id

    @property
    def first_name(self) -> str:
        """The display name's first word."""
        return self.display_name.split(" ", 1)[0]

    @property
    def last_name(self) -> str:
        """The display name's remaining words."""
        return self.display_name.partition(" ")[2]


@dataclass(slots=True)
class Invitation:
    """Somebody outside was asked to become a contact."""

    inviter_id: str
    invitee_id: str
    message: str | None
    at_ms: int


def as_member(person: Person, *, role: str) -> dict[str, object]:
    """A row of a channel's member or administrator list."""
    hidden = person.external
    return {
        "id": person.shown_id,
        "email": person.shown_email,
        "first_name": "" if hidden else person.first_name,
        "last_name": "" if hidden else person.last_name,
        "member_id": person.member_id,
        "name": person.display_name,
        "role": role,
        "is_external": person.external,
    }


def as_actor(person: Person) -> dict[str, object]:
    """A person in an activity log."""
    return {
        "display_name": person.display_name,
        "user_id": person.shown_id,
        "member_id": person.member_id,
    }


def as_contact(person: Person) -> dict[str, object]:
    """A row of the company contacts."""
    return {
        "contact_type": 1,
        "id": person.shown_id,
        "member_id": person.member_id,
        "email": person.shown_email,
        "display_name": person.display_name,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "dept": person.department,
        "job_title": person.title,
        "location": person.location,
        "user_status": "active" if person.active else "inactive",
    }


def as_own_contact(person: Person) -> dict[str, object]:
    """A contact as the user who has it sees it: the address shows, the user id only inside the account."""
    return {
        "id": person.shown_id,
        "member_id": person.member_id,
        "email": person.email or "",
        "first_name": person.first_name,
        "last_name": person.last_name,
    }
