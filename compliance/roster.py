"""Who can sign in, and how: the list an administrator appoints from, and one person of it."""

from dataclasses import dataclass, field

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import User

from compliance import factors, people, permissions
from compliance.models import Told
from compliance.permissions import Action, Role


@dataclass(frozen=True)
class Line:
    """One person: their roles in the order of the matrix, with what they sign in, what they were mailed."""

    person: User
    roles: list[Role]
    ways: list[str]
    factors: list[str] = field(default_factory=list)
    must_have_factor: bool = False
    invitation: Told | None = None
    """The newest link to set a password that they were mailed."""

    @property
    def name(self) -> str:
        return self.person.get_full_name() or self.person.username


def lines(*, by: User) -> list[Line]:
    """Everybody, whoever is switched off last, by name. Four queries, however many people there are."""
    permissions.check(Action.APPOINT, by=by)
    return _lines(list(User.objects.prefetch_related("groups").order_by("-is_active", "username")))


def one(*, person_id: int, by: User) -> Line:
    """One person. Raises people.NotThere."""
    permissions.check(Action.APPOINT, by=by)
    found = _lines(list(User.objects.prefetch_related("groups").filter(pk=person_id)))
    if not found:
        raise people.NotThere
    return found[0]


def _lines(found: list[User]) -> list[Line]:
    keys = [person.pk for person in found]
    kinds: dict[int, list[str]] = {}
    for person_id, kind in (
        Authenticator.objects.filter(user__in=keys).order_by("type").values_list("user", "type")
    ):
        name = factors.NAMES[factors.Kind(kind)]
        if name not in kinds.setdefault(person_id, []) and kind != factors.Kind.RECOVERY_CODES:
            kinds[person_id].append(name)
    linked = set(SocialAccount.objects.filter(user__in=keys).values_list("user", flat=True))
    mailed = Told.objects.filter(link=people.INVITED, person__in=keys)
    newest = {line.person_id: line for line in mailed.order_by("person_id", "-pk").distinct("person_id")}
    return [
        Line(
            person=person,
            roles=_roles(person),
            ways=_ways(person, linked=person.pk in linked),
            factors=kinds.get(person.pk, []),
            must_have_factor=factors.must_have(person),
            invitation=newest.get(person.pk),
        )
        for person in found
    ]


def _roles(person: User) -> list[Role]:
    """The roles as given, also of somebody switched off; asked of the groups that were read with all people."""
    names = {group.name for group in person.groups.all()}
    held = frozenset(role for role in Role if role.value in names)
    if person.is_superuser:
        held |= {Role.ADMINISTRATOR}
    return [role for role in Role if role in held]


def _ways(person: User, *, linked: bool) -> list[str]:
    return ["password"] * person.has_usable_password() + ["single sign-on"] * linked
