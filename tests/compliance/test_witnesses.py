"""Where checkpoints go, on the system page and in `manage.py status`: what is behind is said in red."""

import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client, override_settings

from archive import log, witnesses
from compliance import system
from compliance.permissions import Role
from tests.archive.core.record import Record
from tests.compliance.cast import person

SECRET = "http://ines:secret@127.0.0.1:9/tsa?key=secret"


@pytest.fixture
def record(db: None, tmp_path: Path) -> Iterator[Record]:
    with override_settings(HOLDFAST_DATA=tmp_path):
        made = Record(now=datetime.now(UTC) - timedelta(hours=1))
        made.say()
        log.checkpoint(now=made.now)
        yield made


def line(name: str) -> system.Line:
    (found,) = [one for one in system.pulse(now=datetime.now(UTC)) if name in one.name]
    return found


def test_without_a_witness_the_page_says_what_to_set(record: Record) -> None:
    """It is no fault, and it is not silent."""
    assert line("Witnesses").state == "none"
    assert "docs/log.md" in line("Witnesses").advice


@override_settings(HOLDFAST_WITNESS_EMAIL="keeper@court.example", HOLDFAST_TIMESTAMP_URL=SECRET)
def test_a_place_that_is_behind_is_a_red_line(record: Record, as_person: Callable[[User], Client]) -> None:
    """With what went wrong and what to do, and no password of its address; one that has all is well."""
    assert line("keeper@court.example").state == "gap"
    assert line("keeper@court.example").advice == "Start beat and a worker."
    witnesses.work(clock=lambda: datetime.now(UTC))
    assert line("keeper@court.example") == system.Line(
        "Witness: mailbox keeper@court.example", "complete", f"has the log's first {log.size():,} leaves"
    )
    assert line("authority").state == "gap"
    assert "cannot be reached" in line("authority").advice
    assert "secret" not in str(line("authority"))
    shown = as_person(person(Role.ADMINISTRATOR)).get("/system/").content.decode()
    assert "Witness: time-stamping authority" in shown
    assert "secret" not in shown


@override_settings(HOLDFAST_WITNESS_EMAIL="keeper@court.example", HOLDFAST_TIMESTAMP_URL=SECRET)
def test_status_says_how_each_place_stands(record: Record) -> None:
    """For people and for programs."""
    witnesses.work(clock=lambda: datetime.now(UTC))
    text, data = io.StringIO(), io.StringIO()
    call_command("status", stdout=text)
    call_command("status", "--json", stdout=data)
    assert f"mailbox keeper@court.example: {log.size():,} leaves" in text.getvalue()
    assert "BEHIND (The authority cannot be reached" in text.getvalue()
    found = {one["place"]: one for one in json.loads(data.getvalue())["witnesses"]}
    assert (found["mailbox"]["size"], found["mailbox"]["is_behind"]) == (log.size(), False)
    assert (found["authority"]["size"], found["authority"]["is_behind"]) == (None, True)
    assert "secret" not in text.getvalue() + data.getvalue()
