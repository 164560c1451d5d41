"""`manage.py matters`: the same rules at a shell."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from archive.models import Account, Person, Session
from compliance.models import AuditEvent, Hold, Matter, ZoomMatter
from tests.compliance.matters.conftest import NOW


def run(*words: object) -> str:
    out = StringIO()
    call_command("matters", *map(str, words), stdout=out)
    return out.getvalue()


@pytest.fixture
def roll(people: list[Person], tmp_path: Path) -> Path:
    """A list with Mira's address and Tom's name."""
    path = tmp_path / "people.txt"
    path.write_text("Mira Lang <mira@acme.example>\n\nTom Berg\n")
    return path


def test_matters_are_listed_and_shown(matter: Matter) -> None:
    """With how each custodian stands at Zoom; the operator's look is in the trail."""
    assert f"matter {matter.pk}  name Inquiry 2026-114  state active" in run()
    assert run("--state", "released") == "No matter.\n"
    shown = json.loads(run("show", matter.pk, "--json"))
    assert [(one["name"], one["held"], one["at_zoom"]) for one in shown] == [
        ("Mira Lang", True, "waiting"),
        ("Tom Berg", True, "waiting"),
    ]
    assert AuditEvent.objects.latest("pk").actor_name == "the system"
    assert "opened the matter and held Mira Lang and Tom Berg" in run("timeline", matter.pk)


def test_one_is_opened_from_a_list_and_once(roll: Path, ines: User) -> None:
    """Run twice, it is one matter, in which Ines is a member."""
    words = ("open", roll, "--by", "ines", "--name", "Tender", "--reason", "Order", "--since", "2026-01-01")
    assert "custodians 2" in run(*words)
    run(*words)
    matter = Matter.objects.get()
    assert (matter.opened_by, str(matter.since)) == (ines, "2026-01-01")
    assert matter.members.get().user == ines
    assert Hold.objects.count() == 2
    assert ZoomMatter.objects.count() == 1
    with pytest.raises(CommandError, match="a matter of this name already"):
        run(*words, "--until", "2026-02-01")


def test_conversations_are_held_by_name(ines: User, account: Account) -> None:
    """With the matter, without a list of people, or later; a name that none or several have stops it."""
    for name in ("Board", "Desk", "Desk"):
        Session.objects.create(
            account=account, zoom_id=str(Session.objects.count()), name=name, type="Group",
            first_seen_at=NOW, last_seen_at=NOW,
        )  # fmt: skip
    words = ("open", "--by", "ines", "--name", "Tender", "--reason", "Order", "--conversation")
    with pytest.raises(CommandError, match="several: Desk"):
        run(*words, "Desk")
    assert "custodians 0  conversations 1" in run(*words, "board")
    run(*words, "board")
    key = Matter.objects.get().pk
    with pytest.raises(CommandError, match="none: Nowhere"):
        run("hold", key, "--by", "ines", "--conversation", "Nowhere")
    with pytest.raises(CommandError, match="held for these days in this matter already"):
        run("hold", key, "--by", "ines", "--conversation", "Board")
    assert "from 2026-01-01" in run(
        "hold", key, "--by", "ines", "--conversation", "Board", "--since", "2026-01-01"
    )
    shown = json.loads(run("show", key, "--json"))
    assert [(one["name"], one["held"], one["by"]) for one in shown] == [
        ("Board", True, "Ines Moreau (ines)")
    ] * 2


def test_a_line_that_means_nobody_or_several_stops_it(roll: Path, ines: User) -> None:
    """Nobody is held by guesswork, and nobody is left out unseen."""
    roll.write_text("Tom Berg\nSomebody Else\nMira Lang\n")
    with pytest.raises(CommandError, match="nobody: Somebody Else; several: Mira Lang"):
        run("open", roll, "--by", "ines", "--name", "Tender", "--reason", "Order")
    assert not Matter.objects.exists()


def test_who_may_not_does_not(roll: Path, ines: User, ravi: User) -> None:
    """Ravi reviews; nobody speaks for nobody; what is missing is said."""
    with pytest.raises(CommandError, match="You may not open matters"):
        run("open", roll, "--by", "ravi", "--name", "Tender", "--reason", "Order")
    with pytest.raises(CommandError, match="Say who does it"):
        run("open", roll, "--name", "Tender", "--reason", "Order")
    with pytest.raises(CommandError, match="Say why something is held"):
        run("open", roll, "--by", "ines", "--name", "Tender")
    with pytest.raises(CommandError, match="cannot be read"):
        run("open", roll.parent / "none.txt", "--by", "ines", "--name", "Tender", "--reason", "x")
    assert not Matter.objects.exists()


def test_what_is_not_there_is_said(db: None) -> None:
    """No matter of that number, no number, nothing to do at Zoom."""
    with pytest.raises(CommandError, match="There is no matter 7"):
        run("show", 7)
    with pytest.raises(CommandError, match="Say which"):
        run("timeline")
    assert run("work") == "done 0\n"
