"""Each operation has one method, and the method says in its docstring what it costs and who may call it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator

import pytest

from zoom.client import ZoomClient
from zoom.operations.table import OPERATIONS

NOT_OF_THE_API = {"download"}  # from the file host behind an address


def methods(client: ZoomClient) -> Iterator[tuple[str, Callable[..., object]]]:
    for group, operations in vars(client).items():
        if type(operations).__module__.startswith("zoom.operations"):
            for name, method in inspect.getmembers(type(operations), inspect.isfunction):
                if not name.startswith("_"):
                    yield f"{group}.{name}", method


def said(method: Callable[..., object]) -> tuple[str, str, set[str]] | None:
    """Id, label and scopes as the docstring has them."""
    text = " ".join((inspect.getdoc(method) or "").split())
    found = re.search(r"API: (\S+?), (\S+)\. Scopes: (.*?)\.(?: |$)", text)
    if found is None:
        return None
    scopes = {
        one.strip() for one in re.split(r"[,;]| granular ", found[3]) if one.strip() not in ("", "none")
    }
    return found[1], found[2], {one.removeprefix("granular ") for one in scopes}


def test_every_operation_is_one_documented_method(client: ZoomClient) -> None:
    """None is missing, none is there twice, and the words are the table's."""
    found = {}
    for name, method in methods(client):
        told = said(method)
        if told is None:
            assert name.split(".")[1] in NOT_OF_THE_API, f"{name} does not say which operation it is"
            continue
        id, label, scopes = told
        assert id in OPERATIONS, f"{name}: no operation {id}"
        assert id not in found, f"{name} and {found[id]} are both {id}"
        found[id] = name
        operation = OPERATIONS[id]
        assert label == (operation.label or "none"), name
        assert scopes == {*operation.scopes, *operation.granular}, name
    assert set(found) == set(OPERATIONS)


def test_every_method_tells_of_its_parameters(client: ZoomClient) -> None:
    """A docstring of one line only, or annotations left out, help nobody."""
    for name, method in methods(client):
        signature = inspect.signature(method)
        for parameter in list(signature.parameters.values())[1:]:
            assert parameter.annotation is not inspect.Parameter.empty, f"{name}: {parameter.name}"
        assert signature.return_annotation is not inspect.Signature.empty, name


@pytest.mark.parametrize("id", ["reportChatSessions", "addLegalHoldMatter"])
def test_what_an_account_may_do(client: ZoomClient, id: str) -> None:
    """From the token's scopes, of either generation."""
    assert client.can(id) == (id == "reportChatSessions")
