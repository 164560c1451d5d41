"""The sandbox against inputs that Schemathesis makes from the vendor's description, good ones and bad ones.

Each operation is asked on a scene of its own, over the loopback, with a token and without rate limits. Parameters
that name a person, a channel or a message are drawn from what the scene has, or most questions would end at "no
such thing". The examples are few and always the same, so that a failure can be had again.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import (
    CheckFunction,
    content_type_conformance,
    negative_data_rejection,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode

from sandbox.operations.table import OPERATIONS
from tests.conformance import description
from tests.conformance.scene import Scene, opened

ALWAYS: list[CheckFunction] = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
]  # fmt: skip
EXAMPLES = 10
ANYWHERE = {
    "400": "a bad parameter is 400 with code 300, which the description says of some operations only",
    "401": "a request without a token, likewise",
    "404": "a person or thing that is not there, likewise",
}
"""Statuses that any operation may answer, with the reason."""

EXCEPTIONS: dict[tuple[str, str], str] = {
    ("PerformOperationsOnChannels", "Schema-violating request accepted"): (
        "a channel that is none is bad by our enumeration only: it is answered, as a failure of its own"
    ),
    ("searchChannels", "Schema-violating request accepted"): (
        "an empty user id is bad by our enumeration only: it counts as absent"
    ),
    ("addACustomEmoji", "Schema-violating request accepted"): (
        "a form has no null: what is sent is the word, which is a good name"
    ),
}
"""Findings that are none: operation (`*` for any) and how the finding begins, with the reason."""


@pytest.fixture
def served(tmp_path: Path, loopback: None) -> Iterator[tuple[Scene, requests.Session]]:
    """A scene, and a connection to its sandbox that holds a token."""
    with opened(tmp_path) as scene, requests.Session() as session:
        form = {"grant_type": "account_credentials", "account_id": "sandbox"}
        reply = session.post(scene.sandbox.oauth_url, data=form, auth=("sandbox", "sandbox"), timeout=60)
        session.auth = None
        session.headers["Authorization"] = f"Bearer {reply.json()['access_token']}"
        yield scene, session


@description.each()
@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
def test_the_sandbox_answers_as_described(
    id: str, mode: GenerationMode, served: tuple[Scene, requests.Session]
) -> None:
    """No crash, no reply of another shape, no bad parameter taken for a good one."""
    assert id in OPERATIONS, f"the sandbox does not answer {id}"
    scene, session = served
    operation = _schema(scene).find_operation_by_id(id)
    wrong: dict[str, str] = {}

    @settings(
        max_examples=EXAMPLES, database=None, derandomize=True, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(operation.as_strategy(mode))
    def answers(case: schemathesis.Case) -> None:
        response = case.call(base_url=scene.sandbox.api_url, session=session)
        try:
            case.validate_response(response, checks=_checks(mode, response))
        except FailureGroup as found:
            for one in found.exceptions:
                finding = f"{one.title}: {one.message.splitlines()[0] if one.message else ''}"
                if not _excepted(id, finding):
                    shown = response.content[:200].decode("utf-8", "replace")
                    wrong[finding] = f"{case.as_curl_command()} -> {response.status_code} {shown}"

    try:
        answers()
    except Unsatisfiable:
        pytest.skip("whatever is sent keeps to the description")
    assert not wrong, "\n".join(f"{finding}: {shown}" for finding, shown in wrong.items())


def _checks(mode: GenerationMode, response: Any) -> list[CheckFunction]:
    """Bad data must be refused, but an empty parameter counts as absent: there is nothing bad left in it."""
    query = parse_qsl(urlsplit(response.request.url).query, keep_blank_values=True)
    is_refused = mode is GenerationMode.NEGATIVE and "" not in dict(query).values()
    return [*ALWAYS, negative_data_rejection] if is_refused else ALWAYS


def _excepted(id: str, finding: str) -> bool:
    return any(operation in ("*", id) and finding.startswith(start) for operation, start in EXCEPTIONS)


@cache
def _raw() -> dict[str, Any]:
    """The description, its replies closed: a field that is not described is a finding."""
    found = description.file()
    assert found is not None
    raw: dict[str, Any] = json.loads(found.read_text())
    for methods in raw["paths"].values():
        for operation in methods.values():
            del operation["security"]  # the token is ours to give
            operation["responses"] = {
                **{status: {"description": ""} for status in ANYWHERE},
                **operation["responses"],
            }
            for reply in operation["responses"].values():
                for content in reply.get("content", {}).values():
                    content["schema"] = _without_emails(description.closed(content["schema"]))
    return raw


def _without_emails(schema: Any) -> Any:
    """A reply's schema without the format of e-mails: they are empty for somebody from outside."""
    if isinstance(schema, list):
        return [_without_emails(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {name: _without_emails(one) for name, one in schema.items() if (name, one) != ("format", "email")}


CONFIG = {
    "generation": {"allow-extra-parameters": False, "with-security-parameters": False},
    "output": {"sanitization": {"enabled": False}},
}
_schemas: list[Any] = []  # names are the same in every scene: once is enough


def _schema(scene: Scene) -> Any:
    if not _schemas:
        config = SchemathesisConfig.from_dict(CONFIG)
        _schemas.append(schemathesis.openapi.from_dict(_with_names(_known(scene)), config=config))
    return _schemas[0]


def _with_names(known: dict[str, list[str]]) -> dict[str, Any]:
    """The description with the scene's names where somebody or something is to be named."""
    raw = copy.deepcopy(_raw())
    for methods in raw["paths"].values():
        for operation in methods.values():
            for parameter in operation.get("parameters", []):
                if parameter["name"] in known:
                    parameter["schema"] = {"type": "string", "enum": known[parameter["name"]]}
            for content in operation.get("requestBody", {}).get("content", {}).values():
                _name(content["schema"], known)
    return raw


def _name(schema: dict[str, Any], known: dict[str, list[str]]) -> None:
    for name, inner in schema.get("properties", {}).items():
        if name in known and inner.get("type", "string") == "string":
            schema["properties"][name] = {"type": "string", "enum": known[name]}
        elif name in known and inner.get("items", {}).get("type") == "string":
            inner["items"] = {"type": "string", "enum": known[name]}
        else:
            _name(inner, known)
    for inner in [*schema.get("oneOf", []), *([schema["items"]] if "items" in schema else [])]:
        _name(inner, known)


def _known(scene: Scene) -> dict[str, list[str]]:
    people = [scene.ines.id, scene.ravi.id, scene.ada.email or "", scene.olu.member_id]
    channels = [scene.general.id, scene.project.id]
    messages = [scene.said.id, scene.answered.id, scene.whispered.id]
    return {
        "userId": ["me", scene.ines.id],
        "channelId": channels,
        "channel_id": channels,
        "channel_ids": channels,
        "to_channel": channels,
        "to_contact": people[1:3],
        "messageId": messages,
        "message_id": messages,
        "reply_main_message_id": messages,
        "fileId": [scene.file_id],
        "identifier": people,
        "identifiers": people,
        "user_id": people[:3],
        "member_id": [one.member_id for one in (scene.ines, scene.ravi, scene.olu)],
        "email": [scene.ravi.email or "", scene.ada.email or ""],
        "sessionId": [scene.general.session_id, scene.talk.id],
        "from": ["2026-05-01", "2026-05-01T00:00:00Z"],
        "to": ["2026-05-20", "2026-05-20T00:00:00Z"],
    }
