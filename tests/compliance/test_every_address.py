"""Every address × every role, nobody's, a visitor's and a switched-off person's × reading and writing × whose matter."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from archive import search
from archive.models import Person
from compliance import approvals, lists, permissions, releasing, saved, weighing
from compliance.approvals import kinds
from compliance.models import (
    AuditEvent,
    Confirmation,
    Custodian,
    LossCount,
    Matter,
    MatterMember,
    Notice,
    Request,
    SavedSearch,
)
from compliance.notices import preparing
from compliance.permissions import MATRIX, Action, Role
from tests.compliance import cast, world
from tests.compliance.conftest import As
from tests.compliance.every_address import ELSEWHERE, FOR_NO_MEMBER, INSIDE, OUTSIDE, READS, WRITES, Needs
from tests.compliance.test_every_url import addresses, made

__all__ = ["made"]
pytestmark = pytest.mark.slow
ROUTES = {str(one.name): one for one in get_resolver().url_patterns if isinstance(one, URLPattern)}
TRIES = [(name, "GET") for name in ROUTES] + [(name, "POST") for name in ROUTES]


@dataclass
class World:
    """One of everything to put into addresses, and two matters."""

    ids: dict[str, str]
    own: Matter
    other: Matter
    of_other: dict[str, str]
    """What belongs to the other matter and is not named together with it."""

    def asks(
        self,
        client: Client,
        name: str,
        method: str,
        matter: Matter,
        then: Callable[[], None] = lambda: None,
    ) -> str:
        """What is answered: the status, and where to when it leads away; nothing that was done remains after `then`."""
        of_matter = {
            "matter_id": str(matter.pk),
            "custodian_id": str(Custodian.objects.get(matter=matter).pk),
            "count_id": str(LossCount.objects.get(matter=matter).pk),
            "notice_id": str(Notice.objects.filter(matter=matter).latest("pk").pk),
        }
        ids = self.ids | (self.of_other if matter == self.other else {}) | of_matter
        address = reverse(name, kwargs={key: ids[key] for key in ROUTES[name].pattern.converters})
        form = {key: value.format(**ids) for key, value in WRITES[name][1].items()} if name in WRITES else {}
        cookies = client.cookies.copy()
        with transaction.atomic():
            if method == "POST":
                answer = client.post(address, form)
            else:
                form = "html" if name == "take_transcript" else "csv"
                answer = client.get(address, {"session": self.ids["session_id"], "as": form})
            then()
            transaction.set_rollback(True)
        client.cookies = cookies
        cache.clear()
        return f"{answer.status_code} {answer.headers.get('Location', '')}".strip()


@pytest.fixture
def everybody(db: None) -> dict[Role | None, User]:
    """The whole cast, and Nia, who has no role."""
    return {role: cast.person(role) for role in (*Role, None)}


@pytest.fixture
def here(made: dict[str, int], everybody: dict[Role | None, User]) -> World:
    """Everybody is a member of the first matter and nobody of the second."""
    own = world.matter(*everybody.values(), name="Everybody's")
    other = world.matter()
    for one in (own, other):
        with transaction.atomic():
            weighing.want(matter=one, holds=[], custodians=None, by=None, now=timezone.now())
    preparing.sweep(now=timezone.now())
    outsider = Person.objects.get(member_id="m-olu")
    Person.objects.filter(pk=outsider.pk).update(is_external=True)
    ids = {
        "session_id": made["session"],
        "message_id": made["message"],
        "attachment_id": made["file"],
        "setting_id": made["setting"],
        "zoom_rule_id": made["zoom_rule"],
        "plan_id": made["plan"],
        "search_id": made["search"],
        "list_id": made["list"],
        "export_id": world.export(own).pk,
        "number": 1,
        "of": "matter",
        "key": own.pk,
        "tag": made["tag"],
        "request_id": made["request"],
        "digest": Request.objects.get().digest,
        "wording_id": made["wording"],
        "rule_id": made["rule"],
        "disposition_id": made["disposition"],
        "erasure_id": made["erasure"],
        "event_id": AuditEvent.objects.filter(subject=f"matter/{own.pk}")[0].pk,
        "user": everybody[Role.REVIEWER].pk,
        "setting": Confirmation.Setting.values[0],
        "kind": "hold",
        "person_id": everybody[None].pk,
        "day": "2026-11-02",
        "run_id": made["run"],
        "reconciliation_id": made["reconciliation"],
        "uidb64": "x",
        "token": "none",
        "finding_id": 1,
        "zip_id": world.zip_of(own).pk,
        "outsider_id": outsider.pk,
        "report": "months",
        "token_id": 1,
        "pk": 1,
    }
    asked = asked_about(other)
    words: dict[str, Any] = {"query": "plain", "order": search.Order.NEWEST, "matter_id": other.pk}
    of_other = {
        "export_id": world.export(other).pk,
        "key": other.pk,
        "request_id": asked.pk,
        "digest": asked.digest,
        "event_id": AuditEvent.objects.filter(subject=f"matter/{other.pk}")[0].pk,
        "list_id": lists.freeze(name="Theirs", by=None, now=timezone.now(), **words).pk,
        "search_id": saved.save(name="Theirs", shared=True, by=None, now=timezone.now(), **words).pk,
        "zip_id": world.zip_of(other).pk,
    }
    texts = [{key: str(value) for key, value in some.items()} for some in (ids, of_other)]
    return World(texts[0], own, other, texts[1])


def asked_about(matter: Matter) -> Request:
    """A request about a matter, of a kind that only members of it see, asked by somebody who was one."""
    kind = replace(kinds.of("retire"), key="retire-of-matter", subjects=releasing.KINDS[0].subjects)
    approvals.register(kind)
    samir, now = User.objects.get(username="samir"), timezone.now()
    member = MatterMember.objects.create(matter=matter, user=samir, added_at=now, added_by_name="Ines")
    asked = approvals.ask(
        kind=kind.key, subject=f"matter/{matter.pk}", parameters={}, reason="Settled.", by=samir, now=now
    )
    MatterMember.objects.filter(pk=member.pk).update(removed_at=now, removed_by_name="Ines")
    return asked


def needs(name: str, method: str) -> Needs | None:
    """What it takes; None where the address does not answer that way."""
    if method == "GET":
        return READS.get(name)
    return WRITES[name][0] if name in WRITES else None


def takes(need: Needs | None) -> frozenset[Action]:
    """The actions it takes, all of them."""
    if isinstance(need, Action):
        return frozenset({need})
    return need if isinstance(need, frozenset) else frozenset()


def matters_of(name: str, here: World) -> Iterator[tuple[Matter, bool]]:
    """The matters to try an address with, by their numbers or by what belongs to them, and whether it is the person's own."""
    yield here.own, True
    if not {"matter_id", *here.of_other}.isdisjoint(ROUTES[name].pattern.converters):
        yield here.other, False


def is_right(answer: str, need: Needs | None, *, may: bool) -> bool:
    """Whether somebody who may, or may not, is answered so."""
    status = answer[:3]
    if need is None:
        return status == "405"
    if need is OUTSIDE:
        return status != "500"
    if may:
        return status in {"200", "302", "404", "422"} if need is INSIDE else status in {"200", "302", "422"}
    return status in {"403", "404"}


def test_every_address_is_in_the_tables() -> None:
    """A new one without a line here fails, and so does a line for one that is gone."""
    assert set(ROUTES) == set(READS) | set(WRITES)
    others = [one for one in get_resolver().url_patterns if isinstance(one, URLResolver)]
    assert sorted(str(one.pattern) for one in others) == ["admin/", "api/"]


def wrongs(here: World, person: User, client: Client) -> list[tuple[str, ...]]:
    """What somebody who is a member of the first matter is answered otherwise than the tables say."""
    allowed, found = permissions.allowed(person), []
    # Only whose search it is changes or removes it.
    SavedSearch.objects.filter(pk=here.ids["search_id"]).update(made_by=person)
    for name, method in TRIES:
        need = needs(name, method)
        for matter, is_own in matters_of(name, here):
            is_near = (is_own or ELSEWHERE.get(name) in allowed) != (name in FOR_NO_MEMBER)
            may = need is INSIDE or (takes(need) <= allowed and is_near)
            answer = here.asks(client, name, method, matter)
            if not is_right(answer, need, may=may):
                found.append((person.username, name, method, "own" if is_own else "another's", answer))
    return found


def test_every_role_gets_where_the_matrix_says(
    here: World, everybody: Mapping[Role | None, User], as_person: As
) -> None:
    """Reading and writing, in one's own matter and in another's, whatever the form says."""
    for role, person in everybody.items():
        assert permissions.allowed(person) == (MATRIX[role] if role is not None else frozenset())
        assert wrongs(here, person, as_person(person)) == []


@pytest.mark.parametrize(
    "roles",
    [
        (Role.REVIEWER, Role.ADMINISTRATOR),
        (Role.RECORDS_MANAGER, Role.AUDITOR),
        (Role.AUDITOR, Role.REVIEWER, Role.ADMINISTRATOR),
    ],
)
def test_whoever_has_several_roles_gets_where_any_of_them_may(
    roles: tuple[Role, ...], here: World, as_person: As
) -> None:
    """And nowhere that none of them may."""
    person = User.objects.create_user("omar", "omar@example.test", cast.PASSWORD)
    person.groups.set(Group.objects.filter(name__in=[role.value for role in roles]))
    MatterMember.objects.create(matter=here.own, user=person, added_at=timezone.now(), added_by_name="Ines")
    assert permissions.allowed(person) == frozenset().union(*(MATRIX[role] for role in roles))
    assert wrongs(here, person, as_person(person)) == []


def test_a_visitor_and_a_switched_off_person_get_to_the_entrance(
    here: World, everybody: Mapping[Role | None, User], as_person: As
) -> None:
    """Ines is switched off while she is signed in: from then on she is as Olu, who was never let in."""
    ines = everybody[Role.COMPLIANCE_OFFICER]
    hers = as_person(ines)
    User.objects.filter(pk=ines.pk).update(is_active=False)
    wrong = []
    for client in (Client(), hers):
        for name, method in TRIES:
            if OUTSIDE in (needs(name, "GET"), needs(name, "POST")):
                continue
            answer = here.asks(client, name, method, here.own)
            shut = answer.startswith("302 /accounts/login/") or (name == "metrics" and answer == "403")
            if not shut:
                wrong.append((name, method, answer))
    assert wrong == []


@pytest.mark.parametrize(
    "role", [Role.RECORDS_MANAGER, Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR, None]
)
def test_the_admin_is_shut_to_whoever_has_nothing_there(role: Role | None, as_person: As, db: None) -> None:
    """By reading and by writing, whichever page."""
    client = as_person(cast.person(role))
    inside = [
        f"/{address}"
        for address in addresses(get_resolver().url_patterns)
        if address.startswith("admin/") and "(?P" not in address
    ]
    wrong = []
    for address in inside:
        if address in ("/admin/login/", "/admin/logout/"):
            continue
        for answer in (client.get(address), client.post(address)):
            led = answer.headers.get("Location", "").startswith("/admin/login/")
            if answer.status_code != 403 and not led:
                wrong.append((address, answer.status_code))
    assert len(inside) > 50
    assert wrong == []
