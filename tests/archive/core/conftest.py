"""A data folder of the test's own, and a small record to prove or to tamper with."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from tests.archive.core.record import Record


@pytest.fixture(autouse=True)
def data(tmp_path: Path) -> Iterator[Path]:
    """The data folder of this test."""
    with override_settings(HOLDFAST_DATA=tmp_path / "data"):
        yield tmp_path / "data"


@pytest.fixture
def record(db: None) -> Record:
    """An account, a session, a page: enough to say something on the record."""
    return Record()
