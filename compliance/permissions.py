"""Who may do what: a matrix of roles and actions, as data.

A role is a Django group; a person may have several and may do what any of them may. Administrators run the system,
appoint people and cannot read a message; a Django superuser is an administrator and nothing more. Nobody gets a right
by being staff or by owning a row.

Every rule has two faces: `check()` raises with a sentence a person can act on, `can()` asks it. Services call the
first, pages the second. The matrix is drawn into docs/permissions.md and compared by a test.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

Anyone = User | AnonymousUser


class Role(StrEnum):
    """A role; the value is the name of its Django group."""

    COMPLIANCE_OFFICER = "Compliance officer"
    RECORDS_MANAGER = "Records manager"
    REVIEWER = "Reviewer"
    AUDITOR = "Auditor"
    CHIEF_AUDITOR = "Chief auditor"
    ADMINISTRATOR = "Administrator"


class Action(StrEnum):
    """Something a person may be allowed to do; the value completes "You may not …"."""

    SEE_COMPLETENESS = "see what is captured and what is missing"
    READ_MESSAGES = "read messages"
    READ_EVERYTHING = "read what no matter of yours holds"
    SEARCH = "search messages"
    DOWNLOAD = "download files"
    SAVE_SEARCH = "save and share searches"
    TAG = "tag and note messages"
    MAKE_TAG = "make tags"
    FREEZE = "freeze lists of messages"
    TAKE_LIST = "take lists of messages"
    SEE_MATTER = "be a member of matters, and see them"
    OPEN_MATTER = "open matters"
    CHANGE_MATTER = "change matters you are a member of"
    SEE_REQUESTS = "see requests that a second person decides"
    SEE_WORDINGS = "see notice templates"
    WRITE_WORDINGS = "write notice templates"
    APPROVE_WORDINGS = "approve notice templates"
    RELEASE = "ask for matters and custodians to be released"
    APPROVE_RELEASE = "approve the release of matters and custodians"
    SEE_RETENTION = "see the retention of channels at Zoom"
    SET_RETENTION = "write retention rules and apply them at Zoom"
    APPROVE_RETENTION = "approve shorter retention at Zoom"
    SEE_REPORTS = "see reports of who spoke where, when and how much"
    TAKE_REPORT = "take reports as files"
    SEE_DISPOSITION = "see how long the archive keeps what, and what it destroyed"
    SET_KEEPING = "say how long the archive keeps what"
    APPROVE_KEEPING = "approve that the archive keeps something for a shorter time"
    DISPOSE = "put together what is due and ask for its destruction"
    APPROVE_DISPOSITION = "approve the destruction of what is due"
    EXPORT = "export messages"
    APPROVE_EXPORT = "approve exports"
    SEE_ERASURES = "see requests for erasure"
    TAKE_ERASURE = "take requests for erasure"
    PLAN_RECONCILIATION = "plan reconciliations that are mailed to people"
    START_CAPTURE = "start a capture"
    SEE_AUDIT = "see the audit trail"
    SEE_WHOLE_AUDIT = "see in the audit trail what concerns matters of others"
    SEE_SYSTEM = "see the system"
    SEE_RECORDS = "browse the archive's records"
    APPOINT = "appoint people"
    USE_API = "make tokens for the REST API"


_A = Action
_AUDITOR = frozenset(
    {
        _A.USE_API,
        _A.SEE_COMPLETENESS,
        _A.SEE_RETENTION,
        _A.SEE_REPORTS,
        _A.TAKE_REPORT,
        _A.SEE_AUDIT,
        _A.SEE_SYSTEM,
        _A.SEE_MATTER,
        _A.EXPORT,
        _A.SEE_REQUESTS,
        _A.SEE_WORDINGS,
        _A.SEE_DISPOSITION,
        _A.SEE_ERASURES,
    }
)
MATRIX: dict[Role, frozenset[Action]] = {
    Role.COMPLIANCE_OFFICER: frozenset(Action) - {_A.APPOINT},
    Role.RECORDS_MANAGER: frozenset(
        {
            _A.PLAN_RECONCILIATION,
            _A.USE_API,
            _A.SEE_COMPLETENESS,
            _A.SEE_RETENTION,
            _A.SET_RETENTION,
            _A.APPROVE_RETENTION,
            _A.SEE_REPORTS,
            _A.START_CAPTURE,
            _A.SEE_SYSTEM,
            _A.SEE_REQUESTS,
            _A.SEE_WORDINGS,
            _A.APPROVE_WORDINGS,
            _A.SEE_DISPOSITION,
            _A.SET_KEEPING,
            _A.APPROVE_KEEPING,
            _A.DISPOSE,
            _A.SEE_ERASURES,
            _A.TAKE_ERASURE,
        }
    ),
    Role.REVIEWER: frozenset(
        {
            _A.USE_API,
            _A.SEE_COMPLETENESS,
            _A.READ_MESSAGES,
            _A.SEARCH,
            _A.DOWNLOAD,
            _A.SAVE_SEARCH,
            _A.TAG,
            _A.SEE_MATTER,
            _A.EXPORT,
        }
    ),
    Role.AUDITOR: _AUDITOR,
    Role.CHIEF_AUDITOR: _AUDITOR | {_A.SEE_WHOLE_AUDIT},
    Role.ADMINISTRATOR: frozenset(
        {_A.SEE_COMPLETENESS, _A.START_CAPTURE, _A.SEE_SYSTEM, _A.APPOINT, _A.USE_API}
    ),
}

STAFF = frozenset({Role.ADMINISTRATOR, Role.COMPLIANCE_OFFICER})
"""Whom Django's admin lets in at its door; what they see there the matrix decides."""


OF_A_MATTER = frozenset(
    {
        _A.READ_MESSAGES,
        _A.SEARCH,
        _A.DOWNLOAD,
        _A.EXPORT,
        _A.SEE_MATTER,
        _A.CHANGE_MATTER,
    }
)
"""What can be narrowed to some matters: all else a person may do tells of things outside of them."""


@dataclass(frozen=True)
class Limits:
    """What somebody who speaks for a person may do of what the person may: these actions, only in these matters.

    `matters` None means whatever the person may see.
    """

    actions: frozenset[Action]
    matters: frozenset[int] | None = None

    def allow(self, action: Action) -> bool:
        """Whether the action is within the limits; the person must have the right as well."""
        return action in self.actions and (self.matters is None or action in OF_A_MATTER)

    def as_data(self) -> dict[str, Any]:
        """For a row of JSON: what is done later for whoever asked is done within the same limits."""
        matters = None if self.matters is None else sorted(self.matters)
        return {"actions": sorted(action.name for action in self.actions), "matters": matters}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Limits":
        """The limits that were written down; an action that this release does not know is none."""
        known = frozenset(Action[name] for name in data["actions"] if name in Action.__members__)
        return cls(known, None if data["matters"] is None else frozenset(data["matters"]))


def limit(person: User, limits: Limits) -> None:
    """Keep whoever holds this person object within the limits, in every question asked of it from now on."""
    person._holdfast_limits = limits  # type: ignore[attr-defined]


def limits(person: Anyone) -> Limits | None:
    """The limits that a person object is kept within; None for a person who speaks for themselves."""
    return getattr(person, "_holdfast_limits", None)


def limits_as_data(person: Anyone | None) -> dict[str, Any] | None:
    """What whoever asks is limited to, for the row of a job that a worker carries out; None: to nothing."""
    limited = None if person is None else limits(person)
    return None if limited is None else limited.as_data()


def as_asked(person: User | None, data: Mapping[str, Any] | None) -> User | None:
    """The person that a job's row names, kept within what they were limited to when they asked."""
    if person is not None and data is not None:
        limit(person, Limits.from_data(data))
    return person


def is_of_some_matters(person: Anyone) -> bool:
    """Whether whoever holds this person object is kept to some matters, and is to know of no other."""
    limited = limits(person)
    return limited is not None and limited.matters is not None


def roles(person: Anyone) -> frozenset[Role]:
    """The roles a person has; read once a person object, so once a request."""
    if not isinstance(person, User) or not person.is_active:
        return frozenset()
    cached: frozenset[Role] | None = getattr(person, "_holdfast_roles", None)
    if cached is None:
        names = {group.name for group in person.groups.all()}  # no query where they were read with all people
        cached = frozenset(role for role in Role if role.value in names)
        if person.is_superuser:
            cached |= {Role.ADMINISTRATOR}
        person._holdfast_roles = cached  # type: ignore[attr-defined]
    return cached


def forget(person: User) -> None:
    """Read the person's roles again when they are asked for next: they were changed."""
    vars(person).pop("_holdfast_roles", None)


def can(action: Action, *, by: Anyone) -> bool:
    """Whether one of the person's roles allows the action, and nothing limits them to less."""
    limited = limits(by)
    return any(action in MATRIX[role] for role in roles(by)) and (limited is None or limited.allow(action))


def check(action: Action, *, by: Anyone) -> None:
    """Raise `PermissionDenied`, naming who could, unless one of the person's roles allows the action."""
    if can(action, by=by):
        return
    if any(action in MATRIX[role] for role in roles(by)):
        raise PermissionDenied(f"This token may not {action.value}.")
    able = [f"{_article(role)} {role.value.lower()}" for role in Role if action in MATRIX[role]]
    raise PermissionDenied(
        f"You may not {action.value}. {_listed(able)} can; ask one, or ask to be appointed."
    )


def allowed(person: Anyone) -> frozenset[Action]:
    """Everything the person may do: what decides which entries a page shows."""
    return frozenset(action for action in Action if can(action, by=person))


def holders(action: Action) -> QuerySet[User]:
    """The people who may do something, by name: whom to tell that it waits for somebody who may."""
    able = Q(groups__name__in=[role.value for role in Role if action in MATRIX[role]])
    if action in MATRIX[Role.ADMINISTRATOR]:
        able |= Q(is_superuser=True)
    return User.objects.filter(able, is_active=True).order_by("username").distinct()


def _article(role: Role) -> str:
    return "an" if role.value[0] in "AEIOU" else "a"


def _listed(names: list[str]) -> str:
    text = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
    return text[0].upper() + text[1:]
