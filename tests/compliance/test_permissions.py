"""The matrix of roles and actions."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.core.exceptions import PermissionDenied

from compliance import permissions
from compliance.permissions import MATRIX, Action, Role
from tests.compliance import cast


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_a_person_may_do_what_the_matrix_says_and_nothing_else(role: Role) -> None:
    """Every role against every action."""
    someone = cast.person(role)
    assert {action for action in Action if permissions.can(action, by=someone)} == MATRIX[role]


@pytest.mark.parametrize("action", [Action.APPROVE_KEEPING, Action.APPROVE_RETENTION])
def test_periods_are_approved_by_officers_and_records_managers(action: Action) -> None:
    """Of the archive and of channels at Zoom alike: whoever may ask for a shorter one may approve another's."""
    asks = {Action.APPROVE_KEEPING: Action.SET_KEEPING, Action.APPROVE_RETENTION: Action.SET_RETENTION}[
        action
    ]
    able = {role for role in Role if action in MATRIX[role]}
    assert able == {Role.COMPLIANCE_OFFICER, Role.RECORDS_MANAGER}
    assert able == {role for role in Role if asks in MATRIX[role]}


def test_what_goes_for_good_is_approved_by_officers_alone() -> None:
    """Records managers may not read what it is."""
    for action in (Action.APPROVE_DISPOSITION, Action.APPROVE_RELEASE):
        assert {role for role in Role if action in MATRIX[role]} == {Role.COMPLIANCE_OFFICER}


def test_administrators_run_the_system_and_cannot_read() -> None:
    """Who can appoint people cannot see what people said."""
    words = {Action.READ_MESSAGES, Action.SEARCH, Action.DOWNLOAD, Action.SEE_AUDIT}
    assert not words & MATRIX[Role.ADMINISTRATOR]


def test_a_superuser_is_an_administrator_and_nothing_more(db: None) -> None:
    """Django's switch for everything opens no messages here."""
    root = User.objects.create_superuser("root", "root@example.test", cast.PASSWORD)
    assert permissions.allowed(root) == MATRIX[Role.ADMINISTRATOR]


def test_whoever_has_left_may_nothing(ines: User) -> None:
    """Switching an account off takes its roles with it."""
    ines.is_active = False
    assert permissions.allowed(ines) == frozenset()


def test_a_visitor_may_nothing() -> None:
    """Olu is outside."""
    assert permissions.allowed(AnonymousUser()) == frozenset()


def test_a_refusal_says_who_could(ada: User) -> None:
    """A sentence a person can act on."""
    with pytest.raises(
        PermissionDenied, match=r"You may not read messages. A compliance officer or a reviewer can"
    ):
        permissions.check(Action.READ_MESSAGES, by=ada)


def test_every_role_is_a_group(db: None) -> None:
    """The migration makes what the matrix names."""
    assert set(Group.objects.values_list("name", flat=True)) == {role.value for role in Role}
