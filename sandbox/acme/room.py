"""A place where people talk: who is there and what is talked about."""

from dataclasses import dataclass

from sandbox.acme.cast import Role
from sandbox.conversations import Session
from sandbox.people import Person


@dataclass(slots=True)
class Room:
    """A channel or a talk of two, as the chatter sees it."""

    session: Session
    roles: list[Role]
    everybody: dict[str, Person]
    banks: tuple[str, ...]
    weight: float = 1.0
    until_days_ago: int = 0

    @property
    def people(self) -> list[Person]:
        """The people in it, bots left out."""
        return [self.everybody[role.key] for role in self.roles if role.department != "Bot"]

    @property
    def bots(self) -> list[Person]:
        """The bots that post here."""
        return [self.everybody[role.key] for role in self.roles if role.department == "Bot"]

    def speakers(self, bank: str) -> list[Role]:
        """Who could hold an exchange of a bank: those who speak its language."""
        humans = [role for role in self.roles if role.department != "Bot"]
        fluent = [role for role in humans if role.language == bank]
        return fluent if len(fluent) >= 2 else humans
