"""The cast of the console's scenes: Ines investigates, Ravi reviews, Ada administers, Olu is outside."""

from django.contrib.auth.models import Group, User

from compliance.permissions import Role

PASSWORD = "a long and quiet password"
CAST = {
    Role.COMPLIANCE_OFFICER: ("ines", "Ines Moreau"),
    Role.RECORDS_MANAGER: ("mei", "Mei Tanaka"),
    Role.REVIEWER: ("ravi", "Ravi Kapoor"),
    Role.AUDITOR: ("tomas", "Tomás Klein"),
    Role.ADMINISTRATOR: ("ada", "Ada Osei"),
}


def person(role: Role | None) -> User:
    """A person of the cast with that role, or Nia, who has none yet."""
    username, name = CAST[role] if role is not None else ("nia", "Nia Newcome")
    first, _, last = name.partition(" ")
    user = User.objects.create_user(
        username, f"{username}@example.test", PASSWORD, first_name=first, last_name=last
    )
    if role is not None:
        user.groups.add(Group.objects.get(name=role.value))
    return user
