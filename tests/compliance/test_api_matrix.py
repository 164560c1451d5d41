"""Every endpoint × every role × what the token allows × reading and changing × whose matter."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from archive import reading_log
from archive.models import Account, Person
from compliance import permissions, tokens
from compliance.api import urls
from compliance.models import AuditEvent, KeepingRule, Matter, RetentionRule, SavedSearch
from compliance.permissions import MATRIX, Action, Role
from tests.compliance import world
from tests.compliance.every_address import INSIDE
from tests.compliance.every_endpoint import ASKED, NOT_YET, READS, WRITES, Needs
from tests.compliance.test_every_address import World, everybody, here, takes
from tests.compliance.test_every_url import made

__all__ = ["everybody", "here", "made"]
pytestmark = pytest.mark.slow
WITHIN_REACH = {Action.READ_EVERYTHING, Action.SEE_MATTER}
"""What is needed beside an endpoint's own right for things of a matter to be within reach."""
ROUTES = {str(one.name): one for one in urls.urlpatterns if one.name not in ("api_schema", "api_nothing")}
TRIES = [(name, "GET") for name in READS] + list(WRITES)


@pytest.fixture
def ids(here: World) -> dict[str, str]:
    """One of everything to put into addresses and bodies."""
    world.sign()
    found = {
        **here.ids,
        "account_id": Account.objects.get().pk,
        "person_id": Person.objects.order_by("pk")[0].pk,
        "free": Person.objects.order_by("-pk")[0].pk,
        "event_id": AuditEvent.objects.filter(subject=f"matter/{here.own.pk}")[0].pk,
        "size": reading_log.checkpoints(limit=1).checkpoints[0].size,
        "level": 0,
        "number": 0,
        "index": 0,
        "digest_of_export": "x",
    }
    return {key: str(value) for key, value in found.items()}


def filled(body: object, ids: Mapping[str, str]) -> Any:
    """A body with what is named in braces put in."""
    if isinstance(body, str):
        text = body.format(**ids)
        return int(text) if text.isdigit() else text
    if isinstance(body, list):
        return [filled(one, ids) for one in body]
    return {key: filled(value, ids) for key, value in body.items()} if isinstance(body, dict) else body


def asks(name: str, method: str, key: str, ids: Mapping[str, str]) -> Any:
    """What is answered; nothing that was done remains."""
    kept = {"rule_id": RetentionRule, "api_archive_rule": KeepingRule}
    if name == "api_part":
        ids = {**ids, "number": "1"}
    ids = {
        **ids,
        "rule_id": str(
            kept["rule_id" if name == "api_zoom_rule" else "api_archive_rule"].objects.latest("pk").pk
        ),
    }
    address = reverse(name, kwargs={one: ids[one] for one in ROUTES[name].pattern.converters})
    headers = {"authorization": f"Bearer {key}"}
    with transaction.atomic():
        if method == "GET":
            answer = Client().get(address, ASKED.get(name, {}), headers=headers)
        else:
            body = json.dumps(filled(WRITES[name, method][1], ids))
            headers["idempotency-key"] = "once"
            answer = Client().generic(method, address, body, content_type="application/json", headers=headers)
        transaction.set_rollback(True)
    cache.clear()
    return answer


def key_of(by: User, actions: frozenset[Action], matters: list[int] | None = None) -> str:
    found = tokens.make(name="x", actions=actions, matter_ids=matters, days=1, by=by, now=timezone.now())
    return found.key


def needs(name: str, method: str) -> Needs:
    return READS[name] if method == "GET" else WRITES[name, method][0]


def is_done(name: str, answer: Any) -> bool:
    return answer.status_code in (200, 201, 204) or NOT_YET.get(name) == answer.status_code


def test_every_endpoint_is_in_the_tables() -> None:
    """A new one without a line here fails, and so does a line for one that is gone."""
    assert set(ROUTES) == set(READS) | {name for name, _ in WRITES}


def test_a_token_is_offered_what_some_endpoint_takes_and_nothing_else() -> None:
    """READ_EVERYTHING widens what is read, SEE_WHOLE_AUDIT the trail."""
    taken = frozenset().union(*(takes(needs(*one)) for one in TRIES))
    assert taken | {Action.READ_EVERYTHING, Action.SEE_WHOLE_AUDIT} == tokens.FOR_PROGRAMS


def matters_of(name: str, here: World) -> Iterator[tuple[Matter, bool]]:
    yield here.own, True
    if "matter_id" in ROUTES[name].pattern.converters:
        yield here.other, False


@pytest.mark.parametrize("role", list(Role))
def test_every_role_gets_where_the_matrix_says(
    role: Role, here: World, ids: dict[str, str], everybody: Mapping[Role | None, User]
) -> None:
    """With a token that allows all that a token can; in one's own matter, and in another's as if it were not there."""
    person = everybody[role]
    SavedSearch.objects.update(made_by=person)
    key, wrong = key_of(person, MATRIX[role] & tokens.FOR_PROGRAMS), []
    for name, method in TRIES:
        need = needs(name, method)
        for matter, is_own in matters_of(name, here):
            answer = asks(name, method, key, {**ids, "matter_id": str(matter.pk)})
            may = need is INSIDE or takes(need) <= MATRIX[role]
            right = (
                answer.status_code == (404 if may else 403) if not (may and is_own) else is_done(name, answer)
            )
            if not right:
                wrong.append((name, method, is_own, answer.status_code, answer.content[:200]))
    assert wrong == []


def test_a_token_may_what_it_was_made_for_and_nothing_else(
    here: World, ids: dict[str, str], everybody: Mapping[Role | None, User]
) -> None:
    """An officer's: each endpoint answers one that allows what it takes, and refuses one that lacks any of it."""
    ines = everybody[Role.COMPLIANCE_OFFICER]
    SavedSearch.objects.update(made_by=ines)
    ids, wrong = {**ids, "matter_id": str(here.own.pk)}, []
    for name, method in TRIES:
        need = takes(needs(name, method))
        if len(need) == 0:
            continue
        just = key_of(ines, need | WITHIN_REACH)
        if not is_done(name, answer := asks(name, method, just, ids)):
            wrong.append((name, method, "just", answer.status_code, answer.content[:200]))
        for lacking in need:
            answer = asks(name, method, key_of(ines, tokens.FOR_PROGRAMS - {lacking}), ids)
            if answer.status_code != 403:
                wrong.append(
                    (name, method, f"without {lacking.name}", answer.status_code, answer.content[:200])
                )
    assert wrong == []


def test_nobody_gets_anything_without_a_token(here: World, ids: dict[str, str]) -> None:
    """Nor with one whose person lost every role meanwhile."""
    ids = {**ids, "matter_id": str(here.own.pk)}
    mei = User.objects.get(username="mei")
    key = key_of(mei, frozenset({Action.SEE_SYSTEM}))
    mei.groups.clear()
    permissions.forget(mei)
    wrong = [
        (name, method, answer.status_code)
        for name, method in TRIES
        for shown in ("", "hf_nobody", key)
        if (answer := asks(name, method, shown, ids)).status_code != 401
    ]
    assert wrong == []
