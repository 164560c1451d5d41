"""A command whose database is away says so in a sentence, and with a status that means nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.db import OperationalError
from psycopg import errors

import manage
from tests.standalone.command import ROOT, bare_environment


def test_a_database_that_is_away_is_named_without_a_traceback(tmp_path: Path) -> None:
    """1 would say that something does not hold, or that there are gaps nobody has seen."""
    nowhere = f"postgres://holdfast_app@/holdfast?host={tmp_path}"
    done = subprocess.run(
        [sys.executable, "manage.py", "status"],
        cwd=ROOT,
        env=bare_environment()
        | {"DATABASE_URL": nowhere, "REDIS_URL": "redis://127.0.0.1:1/0", "SECRET_KEY": "of this test"}
        | {"HOLDFAST_DATA": str(tmp_path / "data"), "DJANGO_SETTINGS_MODULE": "compliance.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("The database cannot be reached, or broke off: ")
    assert str(tmp_path) in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("cause", "is_away"),
    [
        (errors.OperationalError("connection failed"), True),
        (errors.ConnectionFailure(), True),
        (errors.AdminShutdown(), True),
        (errors.CrashShutdown(), True),
        (errors.QueryCanceled(), False),
        (errors.DeadlockDetected(), False),
        (errors.DiskFull(), False),
    ],
)
def test_only_what_is_about_the_connection_counts(cause: Exception, is_away: bool) -> None:
    """What went wrong with a statement is a defect or a full disk: it is shown whole."""
    error = OperationalError()
    error.__cause__ = cause
    assert manage._is_away(error) is is_away
