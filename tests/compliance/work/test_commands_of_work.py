"""The operator's side of saved searches and frozen lists."""

import hashlib
import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from compliance.models import AuditEvent, SavedSearch
from tests.archive.search.talk import Talk
from tests.compliance.work.conftest import Index

pytestmark = pytest.mark.django_db


def told(*arguments: str) -> str:
    out, err = StringIO(), StringIO()
    call_command(*arguments, stdout=out, stderr=err)
    return out.getvalue() + err.getvalue()


def rows(*arguments: str) -> Any:
    return json.loads(told("searches", *arguments, "--json"))


def test_a_search_is_saved_and_run_again(talk: Talk, index: Index) -> None:
    """What is new is told in numbers."""
    talk.say("budget")
    index()
    assert "Saved as search" in told("search", "budget", "--save", "Budgets")
    key = SavedSearch.objects.get().pk
    (line,) = rows()
    assert (line["name"], line["found"], line["by"]) == ("Budgets", 1, "the system")
    talk.say("budget again")
    index()
    (run,) = rows("run", str(key))
    assert (run["found"], run["new"], run["changed"], run["gone"], run["complete_to"]) == (2, 1, 0, 0, 6)
    assert "new 0" in told("searches", "run", str(key))
    assert "name Budgets" in told("searches")
    assert AuditEvent.objects.filter(action="searched", actor_name="the system").count() == 4


def test_an_answer_is_frozen_and_its_ids_give_the_digest(talk: Talk, index: Index) -> None:
    """`manage.py searches ids N | sha256sum` is the check by hand."""
    talk.say_all([])
    for n in range(3):
        talk.say(f"budget {n}")
    index()
    assert "Frozen as list" in told("search", "budget", "--count", "--freeze", "Board")
    (line,) = rows("lists")
    ids = told("searches", "ids", str(line["list"]))
    assert hashlib.sha256(ids.encode()).hexdigest() == line["sha256"]
    assert (line["messages"], ids.count("\n"), line["name"]) == (3, 3, "Board")


def test_what_cannot_be_done_is_said(talk: Talk, index: Index) -> None:
    """A search that is not there, a number left out, a name that is taken."""
    talk.say("budget")
    index()
    told("search", "budget", "--save", "Budgets")
    for arguments in (("searches", "run"), ("searches", "run", "9999"), ("searches", "ids", "9999")):
        with pytest.raises(CommandError):
            told(*arguments)
    with pytest.raises(CommandError, match="already"):
        told("search", "budget", "--save", "Budgets")
