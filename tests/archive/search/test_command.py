"""Searching from the command line: audited, and harmless to a terminal."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from archive.models import DayIndexed, IndexState
from compliance.models import AuditEvent
from tests.archive.search import corpus
from tests.archive.search.talk import Talk


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("search", *arguments, stdout=out)
    return out.getvalue()


def test_an_operator_finds_messages_and_is_recorded(talk: Talk, index: Callable[[], None]) -> None:
    """What was understood, how many, and the words; and the trail knows it."""
    talk.say("ship it friday", by="ravi", where="deal room")
    index()
    printed = run("friday from:ravi")
    assert "Messages containing “friday” and from “ravi”." in printed
    assert "1 found. Everything stored so far was searched." in printed
    assert "deal room  Ravi Rao: ship it friday" in printed
    event = AuditEvent.objects.get()
    assert (event.action, event.actor_name, event.details["query"]) == (
        "searched",
        "the system",
        "friday from:ravi",
    )


def test_every_answer_says_up_to_when_it_is_complete(talk: Talk, index: Callable[[], None]) -> None:
    """The time and the leaf; of a count on standard error, so that a script reads the number alone."""
    talk.say("ship it")
    index()
    size, said = IndexState.objects.get().complete_to, StringIO()
    began = timezone.now().replace(second=0, microsecond=0)
    (told,) = re.findall(f"Complete to ([0-9-]+ [0-9:]+) UTC, leaf {size:,} of the log", run("ship"))
    assert began <= datetime.fromisoformat(f"{told}Z") <= timezone.now()
    call_command("search", "ship", "--count", stdout=StringIO(), stderr=said)
    assert f"leaf {size:,} of the log." in said.getvalue()
    answer = json.loads(run("ship", "--json"))
    assert answer["complete_to"] == size
    assert began <= datetime.fromisoformat(answer["complete_at"]) <= timezone.now()


def test_as_json_with_pages(talk: Talk, index: Callable[[], None]) -> None:
    """A program reads the same, page after page."""
    for n in range(3):
        talk.say(f"ship {n}")
    index()
    first = json.loads(run("ship", "--json", "--limit", "2"))
    rest = json.loads(run("ship", "--json", "--limit", "2", "--after", first["next"]))
    assert (first["count"], rest["count"], rest["next"]) == (3, 3, None)
    assert [hit["texts"] for hit in first["hits"] + rest["hits"]] == [["ship 2"], ["ship 1"], ["ship 0"]]


def test_counting_shows_nothing(talk: Talk, index: Callable[[], None]) -> None:
    """Only the number, and the trail says that no message was shown."""
    talk.say("secret")
    index()
    assert run("secret", "--count").strip() == "1"
    assert AuditEvent.objects.get().details["shown"] == []


def test_facets_are_told_with_what_asks_for_them(talk: Talk, index: Callable[[], None]) -> None:
    """In lines for a person, in full for a program, as one event."""
    talk.say("ship it", by="ravi", where="deal room", files=("plan.pdf",))
    talk.say("ship it")
    index()
    printed = run("ship", "--facets", "--order", "relevant")
    ravi, deal = talk.people["ravi"].pk, talk.sessions["deal room"].pk
    assert f"           1  Ravi Rao  from:person/{ravi}\n" in printed
    assert f"           1  deal room  in:session/{deal}\n" in printed
    assert "           1  with a file  has:file\n" in printed
    assert AuditEvent.objects.get().details["facets"] is True
    told = json.loads(run("ship", "--facets", "--json", "--limit", "1"))["facets"]
    assert told["people"] == {str(ravi): 1, str(talk.people["ines"].pk): 1}
    assert (told["days"], told["zone"]) == ({"2026-05-04": 2}, "UTC")


@pytest.mark.parametrize(
    ("query", "says"), [("form:mira", "mean from:"), ("a\x1b[2J OR", "needs something after")]
)
def test_what_is_not_understood_is_shown_with_its_place(
    talk: Talk, index: Callable[[], None], query: str, says: str
) -> None:
    """The sentence, the query and a mark under the culprit."""
    index()
    with pytest.raises(CommandError, match=says) as refused:
        run(query)
    assert "^" in str(refused.value)
    assert "\x1b" not in str(refused.value)


def test_nasty_texts_do_nothing_to_a_terminal(talk: Talk, index: Callable[[], None]) -> None:
    """One line a message, no control character, no turned line; as JSON plain ASCII."""
    for text in corpus.torture("message", "file_name").values():
        talk.say(text, files=(text[:2000],))
    index()
    printed = run("from:ines", "--limit", "1000")
    assert not set(printed) & {chr(n) for n in (*range(10), *range(11, 32), 0x7F, *range(0x80, 0xA0), 0x202E)}
    assert run("from:ines", "--json").isascii()


def test_a_query_with_nul_is_searched_and_recorded(talk: Talk, index: Callable[[], None]) -> None:
    """What cannot be stored is shown in the trail as what it is."""
    index()
    run("before\0after")
    assert AuditEvent.objects.get().details["query"] == "before␀after"


def test_a_count_on_days_at_fault_says_so(talk: Talk, index: Callable[[], None]) -> None:
    """Nobody takes it for everything."""
    talk.say("ship it")
    index()
    DayIndexed.objects.update(finding=DayIndexed.Finding.DIFFERS)
    printed = run("ship")
    assert "1 found. On 1 day the index differs from the record" in printed
    assert "Everything" not in printed
