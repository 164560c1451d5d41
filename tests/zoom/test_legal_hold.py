"""Legal holds: what is put on the wire, and what is refused before a request is spent."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.zoom.conftest import Wire, error
from zoom.client import ZoomClient
from zoom.errors import InvalidParameter, NotAuthorized, NotFound


def test_a_hold_is_placed(client: ZoomClient, wire: Wire) -> None:
    """Days as Zoom writes them; what is not given is not sent."""
    wire.answer(httpx.Response(201, json={"matter_id": "m"}))
    days = {"start": date(2026, 3, 1), "end": date(2026, 3, 31)}
    assert client.legal_hold.create(name="Case 7", identifiers=("ines", "olu@x.test"), **days) == "m"
    assert json.loads(wire.asked[0].read()) == {
        "matter_name": "Case 7",
        "identifiers": ["ines", "olu@x.test"],
        "start_date": "2026-03-01",
        "end_date": "2026-03-31",
    }
    client.legal_hold.create(name="Case 8", identifiers=["ines"])
    assert json.loads(wire.asked[1].read()) == {"matter_name": "Case 8", "identifiers": ["ines"]}


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"identifiers": ["ines", "ines"]}, "identifiers: name each person once"),
        ({"end": date(2026, 2, 28)}, "end_date: it is before start_date"),
    ],
)
def test_a_hold_zoom_would_refuse_costs_nothing(
    client: ZoomClient, wire: Wire, fields: dict[str, Any], refused: str
) -> None:
    """Each person once, days in order; one day is a span too."""
    wire.answer(httpx.Response(201, json={"matter_id": "m"}))
    given = {"name": "n", "identifiers": ["ines"], "start": date(2026, 3, 1), **fields}
    with pytest.raises(InvalidParameter, match=refused):
        client.legal_hold.create(**given)
    assert wire.asked == []
    client.legal_hold.create(name="n", identifiers=["ines"], start=date(2026, 3, 1), end=date(2026, 3, 1))


@pytest.mark.parametrize("name", ["", "x" * 129])
def test_a_name_has_1_to_128_characters(client: ZoomClient, wire: Wire, name: str) -> None:
    """Also a new one."""
    with pytest.raises(InvalidParameter, match="matter_name: at"):
        client.legal_hold.rename(matter_id="m", name=name)
    assert wire.asked == []


def test_zips_are_of_somebody(client: ZoomClient, wire: Wire, tmp_path: Path) -> None:
    """A custodian for the list, a key for the bytes."""
    with pytest.raises(InvalidParameter, match="identifier: at least 1"):
        client.legal_hold.files(matter_id="m", identifier="")
    with pytest.raises(InvalidParameter, match="file_key: at least 1"):
        client.legal_hold.download(matter_id="m", file_key="", to=tmp_path / "a")
    assert wire.asked == []


@pytest.mark.parametrize(("answer", "kind"), [(error(403, 403), NotAuthorized), (error(404, 1001), NotFound)])
def test_a_refusal_is_named(
    client: ZoomClient, wire: Wire, answer: httpx.Response, kind: type[Exception]
) -> None:
    """No permission; no such matter."""
    wire.answer(answer)
    with pytest.raises(kind):
        client.legal_hold.delete(matter_id="m")
