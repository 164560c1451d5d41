"""The description of the API is OpenAPI 3.1, names every address, and what is answered keeps to it."""

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
import schemathesis
from django.contrib.auth.models import User
from django.core import signals
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from rest_framework.throttling import UserRateThrottle
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from compliance import tokens
from compliance.api import urls
from tests.compliance import world

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """The application runs within the test's own transaction: a request that ends must not close its connection."""
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    yield
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)


def described() -> dict[str, Any]:
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return found


def test_it_is_open_to_anybody_and_valid() -> None:
    """Whoever writes a program reads it before they have a token."""
    answer = Client().get("/api/schema/", headers={"accept": "application/vnd.oai.openapi+json"})
    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.1")
    validate_schema(described())


def test_every_address_is_in_it() -> None:
    """A new one is there, or this fails."""
    paths = {
        "/api/" + str(one.pattern).replace("<int:", "{").replace(">", "}")
        for one in urls.urlpatterns
        if one.name not in ("api_schema", "api_nothing")
    }
    assert set(described()["paths"]) == paths
    assert any(str(one.pattern) == "api/" for one in get_resolver().url_patterns)


@pytest.fixture
def key(db: None, ines: User) -> str:
    """One of everything is there, and the token allows all that a token can."""
    world.fill(messages=2)
    world.store_files()
    world.index()
    world.keep()
    world.keeping_rule()
    world.disposition()
    world.matter(ines)
    world.sign()
    cache.clear()
    made = tokens.make(
        name="x", actions=tokens.FOR_PROGRAMS, matter_ids=None, days=1, by=ines, now=timezone.now()
    )
    return made.key


@pytest.fixture
def no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(UserRateThrottle, "rate", "100000/min", raising=False)


DESCRIBED = described()
API = schemathesis.openapi.from_dict(DESCRIBED)
API.app = WSGIHandler()
OPERATIONS = [(path, method) for path, found in sorted(DESCRIBED["paths"].items()) for method in found]


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_whatever_is_sent_is_answered_as_described(
    path: str, method: str, mode: GenerationMode, key: str, no_limit: None
) -> None:
    """Good and bad parameters, in process, on the application that production serves."""
    operation = API[path][method.upper()]

    @settings(
        max_examples=12, database=None, derandomize=True, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(operation.as_strategy(mode))
    def answers(case: schemathesis.Case) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, checks=CHECKS)

    try:
        answers()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE  # where nothing can be wrong


def test_every_answer_in_json_has_an_example_that_fits() -> None:
    """And so has every request."""
    for path, method in OPERATIONS:
        operation = DESCRIBED["paths"][path][method]
        bodies = [operation["requestBody"]] if "requestBody" in operation else []
        bodies += [answer for code, answer in operation["responses"].items() if code in ("200", "201", "202")]
        for body in bodies:
            found = body.get("content", {}).get("application/json")
            if found is None:
                continue
            shown = [one["value"] for one in found["examples"].values()]
            assert len(shown) == 1, (path, method)
            whole = {**found["schema"], "components": DESCRIBED["components"]}
            jsonschema.validate(shown[0], whole)


def test_every_operation_says_how_it_can_be_refused() -> None:
    """In the media type of problems."""
    for path, method in OPERATIONS:
        answers = DESCRIBED["paths"][path][method]["responses"]
        for code in ("400", "401", "403", "404", "405", "406", "429"):
            assert list(answers[code]["content"]) == ["application/problem+json"], (path, method, code)
