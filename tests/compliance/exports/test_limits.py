"""What a program asks to have exported or frozen, a worker reads within what the token allowed, not its person."""

from collections.abc import Collection

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django.utils import timezone

from archive import search
from archive.models import Message, Session
from compliance import lists, tokens
from compliance.exports import asking, choosing
from compliance.exports.choosing import Source, Unfit
from compliance.models import Export, Hold, Matter, MessageList
from compliance.permissions import Action
from tests.compliance import cast, world
from tests.compliance.exports.conftest import NOW, Kind, State, Worker, draft, measured

pytestmark = pytest.mark.django_db
OF_COUNSEL = {Action.SEE_MATTER, Action.READ_MESSAGES, Action.EXPORT}
BY_PROGRAM = OF_COUNSEL | {Action.SEARCH, Action.FREEZE, Action.SAVE_SEARCH}


@pytest.fixture
def sessions(db: None) -> list[Session]:
    made = world.fill(sessions=2, messages=3)
    world.index()
    return made


@pytest.fixture
def matter(sessions: list[Session], ines: User) -> Matter:
    """Ines' matter, which holds both sessions."""
    made = cast.let_into(ines, sessions[0])
    Hold.objects.create(
        matter=made, account_id=made.account_id, session_id=sessions[1].pk, covers_received=True,
        placed_at=NOW, placed_by_name="Ines",
    )  # fmt: skip
    return made


@pytest.fixture
def frozen(matter: Matter, sessions: list[Session], ines: User) -> MessageList:
    """All of both sessions, frozen in the matter before it let go of the second."""
    made = lists.freeze(
        name="Plain", query="plain", order=search.Order.NEWEST, matter_id=matter.pk, by=ines, now=NOW
    )
    Hold.objects.filter(matter=matter, session_id=sessions[1].pk).update(released_at=NOW)
    assert made.count == 6
    return made


def with_token(person: User, actions: Collection[Action], matter_ids: Collection[int] | None = None) -> User:
    """The person as a token of theirs speaks for them; the person object itself is not touched."""
    now = timezone.now()
    made = tokens.make(name="x", actions=actions, matter_ids=matter_ids, days=1, by=person, now=now)
    return tokens.speaking(key=made.key, now=now)[0]


@pytest.mark.parametrize("of_some_matters", [True, False])
def test_a_token_takes_of_a_list_what_its_matter_still_holds(
    of_some_matters: bool, frozen: MessageList, matter: Matter, ines: User, worker: Worker
) -> None:
    """As it sees the list; Ines herself takes all of it."""
    limited = with_token(ines, OF_COUNSEL, [matter.pk] if of_some_matters else None)
    source = Source(Kind.LIST, frozen.pk)
    row = measured(source, worker, limited)
    assert (row.state, row.contents["messages"]) == (State.MEASURED, 3), row.ending
    assert lists.seen(list_id=frozen.pk, by=limited, now=NOW).line.count == 3
    assert measured(source, worker, ines).contents["messages"] == 6
    again = asking.anew(export_id=row.pk, request_key=row.request_key, by=limited, now=NOW)
    assert choosing.scope_of(Export.objects.get(pk=again.pk)) != choosing.EVERYTHING


def test_a_right_that_the_token_had_not_is_none_of_the_worker_s(
    frozen: MessageList, matter: Matter, ines: User, worker: Worker
) -> None:
    """Whoever forges a row with another matter than the token's learns that it may not be had."""
    row = asking.ask(
        draft(Source(Kind.LIST, frozen.pk)), by=with_token(ines, OF_COUNSEL, [matter.pk]), now=NOW
    )
    other = cast.let_into_everything(ines)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Export.objects.filter(pk=row.pk).update(limits=None)
    Export.objects.create(
        kind=Kind.MATTER, matter=other, chosen={"words": "All", "holds": []}, title="x", reason="x", formats=["ndjson"],
        part_bytes=row.part_bytes, zone="UTC", request_key="00000000-0000-4000-8000-000000000001", asked_by=ines,
        asked_by_name="Ines", asked_at=NOW, not_before=NOW, limits=row.limits,
    )  # fmt: skip
    worker.work()
    forged = Export.objects.latest("pk")
    assert (forged.state, forged.ending) == (
        State.FAILED,
        "Whoever asked for it may no longer have it.",
    )


def test_a_list_that_a_program_freezes_has_what_the_token_reaches(
    matter: Matter, sessions: list[Session], ines: User
) -> None:
    """Also where a worker reads it, for a person who could read everything."""
    Hold.objects.filter(matter=matter, session_id=sessions[1].pk).update(released_at=NOW)
    limited = with_token(ines, BY_PROGRAM)
    made = lists.freeze(name="By program", query="plain", order=search.Order.NEWEST, by=limited, now=NOW)
    assert (made.state, made.count) == (MessageList.State.DONE, 3)
    assert made.scope["within"] != []
    with pytest.raises(Unfit, match="Choose the matter"):
        asking.ask(draft(Source(Kind.LIST, made.pk)), by=limited, now=NOW)
    assert lists.freeze(name="By hand", query="plain", order=search.Order.NEWEST, by=ines, now=NOW).count == 6
    assert Message.objects.count() > 6
