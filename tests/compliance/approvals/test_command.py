"""`manage.py approvals`: the same rules at a shell."""

import json
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone

from compliance.models import AuditEvent, Request
from tests.compliance.approvals.shelf import Shelf


@pytest.fixture
def asked(shelf: Shelf, ines: User) -> Request:
    """Asked for now: a shell reads the clock."""
    return shelf.ask(ines, now=timezone.now())


def run(*words: object) -> str:
    out = StringIO()
    call_command("approvals", *map(str, words), stdout=out)
    return out.getvalue()


def test_open_requests_are_listed(asked: Request) -> None:
    """And those that ended with --ended."""
    assert "what: Retire what stands on the shelf" in run()
    assert run("list", "--ended") == "No request.\n"
    assert [row["request"] for row in json.loads(run("--json"))] == [asked.pk]


def test_one_is_shown_item_by_item(asked: Request, shelf: Shelf) -> None:
    """With the digest to approve it by, and what changed since."""
    shelf.put("new")
    shown = run("show", asked.pk)
    for said in (
        "  search/",
        "older",
        "2 saved searches go",
        f"digest: {asked.digest}",
        "  added: new",
        "intact: yes",
    ):
        assert said in shown, said
    assert AuditEvent.objects.latest("pk").actor_name == "the system"


def test_somebody_else_approves_by_its_digest(asked: Request, samir: User) -> None:
    """And the trail names them."""
    assert "approved by:\n  Samir Haddad (samir)" in run(
        "approve", asked.pk, "--by", "samir", "--digest", asked.digest
    )
    assert AuditEvent.objects.latest("pk").actor == samir


def test_somebody_else_refuses(asked: Request, samir: User) -> None:
    """With a reason."""
    with pytest.raises(CommandError, match="Say why"):
        run("refuse", asked.pk, "--by", "samir")
    assert "state: refused" in run("refuse", asked.pk, "--by", "samir", "--reason", "still needed")


def test_nobody_approves_their_own_at_a_shell_either(asked: Request) -> None:
    """Ines asked."""
    with pytest.raises(CommandError, match="Somebody else has to decide it"):
        run("approve", asked.pk, "--by", "ines", "--digest", asked.digest)
    asked.refresh_from_db()
    assert asked.state == "asked"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--by", "ada", "--digest", "0"], "There is no request"),
        (["--by", "samir", "--digest", "0"], "Look at it again"),
        (["--by", "samir"], "Say what is approved"),
        (["--by", "nobody", "--digest", "0"], "active person"),
        (["--digest", "0"], "active person"),
        ([], "active person"),
    ],
)
def test_who_may_not_or_does_not_say_what_is_told(
    words: list[str], said: str, asked: Request, samir: User, ada: User
) -> None:
    """In a sentence, and nothing is approved."""
    with pytest.raises(CommandError, match=said):
        run("approve", asked.pk, *words)
    asked.refresh_from_db()
    assert asked.state == "asked"


def test_who_was_switched_off_decides_nothing(asked: Request, samir: User) -> None:
    """Nor does anybody in their name."""
    User.objects.filter(pk=samir.pk).update(is_active=False)
    with pytest.raises(CommandError, match="active person"):
        run("approve", asked.pk, "--by", "samir", "--digest", asked.digest)


def test_a_request_that_is_not_there(asked: Request, samir: User) -> None:
    """And one left unnamed."""
    for words in (["show", 999], ["refuse", 999, "--by", "samir", "--reason", "x"]):
        with pytest.raises(CommandError, match="There is no request 999"):
            run(*words)
    with pytest.raises(CommandError, match="Say which"):
        run("approve")
