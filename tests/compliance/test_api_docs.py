"""docs/api.md is true: its examples are run as they stand, against a console that answers on this machine."""

import os
import re
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from compliance import tokens
from compliance.exports import running
from compliance.models import AuditEvent, Export, SavedSearch
from compliance.permissions import Role
from tests.compliance import cast, world

DOCS = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text()
EXAMPLES = re.findall(r"^```(sh|python)\n(.*?)^```", DOCS, flags=re.M | re.S)


@pytest.fixture
def worker(transactional_db: None) -> Iterator[threading.Event]:
    """Exports are measured and made beside the examples, once the event is set, until the test is over."""
    begun, over = threading.Event(), threading.Event()

    def work() -> None:
        try:
            begun.wait()
            while not over.wait(0.2):
                while running.carry_out_next(clock=timezone.now):
                    pass
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield begun
    over.set()
    begun.set()
    thread.join()


@pytest.mark.slow
def test_the_examples_run(
    worker: threading.Event, live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In order, each by what it is written for: a shell and Python; curl must be answered well."""
    cache.clear()
    caches["process"].clear()
    with override_settings(HOLDFAST_DATA=tmp_path / "data"):
        session = world.fill(messages=6)[0]
        file = world.store_files()
        world.index()
        world.sign()
        ines = cast.person(Role.COMPLIANCE_OFFICER)
        made = tokens.make(
            name="Docs", actions=tokens.FOR_PROGRAMS, matter_ids=None, days=1, by=ines, now=timezone.now()
        )
        for name, value in {
            "HOLDFAST": live_server.url,
            "KEY": made.key,
            "FILE": str(file.pk),
            "SESSION": str(session.pk),
        }.items():
            monkeypatch.setenv(name, value)
        worker.set()
        names: dict[str, Any] = {}
        said = []
        for kind, text in EXAMPLES:
            if kind == "python":
                exec(compile(text, "docs/api.md", "exec"), names)
            else:
                done = subprocess.run(
                    ["bash", "-eu"], input=text, capture_output=True, text=True, env=os.environ, cwd=tmp_path,
                    check=True,
                )  # fmt: skip
                said.append(done.stdout)
    assert len(said) >= 6
    assert '"person":"ines"' in said[0]
    assert (tmp_path / "plan.bin").read_bytes() == b"the plan\n\x00\xff\xfe"
    assert [kept.name for kept in SavedSearch.objects.all()] == ["Plain words"]
    assert [export.state for export in Export.objects.all()] == ["ready"]
    assert '"status":400' in said[-1]
    assert '"field":"limit"' in said[-1]
    assert AuditEvent.objects.filter(action="used").count() > 12


def test_every_status_that_is_described_is_explained() -> None:
    """The table of refusals says what to do about each."""
    described = Path(__file__).resolve().parents[2] / "compliance" / "api" / "problems.py"
    codes = set(re.findall(r"^    (\d{3}): ", described.read_text(), flags=re.M)) - {
        "405",
        "406",
        "413",
        "415",
    }
    assert {code for code in codes if f"| {code} |" not in DOCS} == set()
