"""A channel that is held as a conversation is watched like one in which a custodian took part, and says so."""

from datetime import timedelta

import pytest

from archive.capture import windows
from archive.models import Window
from compliance import health
from compliance.models import Custodian, Finding, Hold, HoldHealth, Matter, Told
from tests.compliance.health.conftest import Case

Kind = Finding.Kind
ITSELF = "“general”, which this matter holds as a conversation"


@pytest.fixture
def board(case: Case) -> Matter:
    """A matter that holds the channel itself, and nobody; looked at, and well."""
    made = case.open("Board")
    case.hold_itself(made)
    assert case.look() == []
    return made


def of(matter: Matter, rows: list[Finding]) -> list[Finding]:
    return [row for row in rows if row.matter_id == matter.pk]


def said(row: Finding) -> str:
    return health.sentences(row)[0]


@pytest.mark.parametrize(
    ("period", "kind", "words"),
    [
        ("3d", Kind.RETENTION_SHORT, f"{ITSELF}, keeps messages for 3 days only."),
        ("90d", Kind.RETENTION_CHANGED, f"The retention of {ITSELF}, is now 90 days."),
    ],
)
def test_retention_shortened(case: Case, board: Matter, period: str, kind: Kind, words: str) -> None:
    """Named with the matter, told to its members, and nobody is said to have taken part."""
    case.town.world.set_retention(case.channel, custom=True, period=period)
    (row,) = of(board, case.look(hours=1.1))
    assert row.kind == kind
    assert said(row).startswith(words)
    assert said(row).endswith("Before: the account’s own rule.")
    assert "took part" not in said(row)
    assert Told.objects.filter(text__endswith=f"{row.get_kind_display()}, in Board").count() == 1


def test_another_owner(case: Case, board: Matter) -> None:
    """Over once somebody wrote what it means, like any other."""
    case.channel.owner_id = case.town.ravi.id
    (row,) = of(board, case.look(hours=1.1))
    assert (row.kind, said(row)) == (Kind.OWNER_CHANGED, f"{ITSELF}, belongs to Ravi now. Before: Ines.")
    health.deal(
        matter_id=board.pk, finding_ids=[row.pk], words="The new owner was told.", by=case.ines, now=case.now
    )
    assert of(board, case.look(hours=1.1)) == []
    page = health.page(matter_id=board.pk, by=case.ines, now=case.now)
    assert [line.row.pk for line in page.accepted] == [row.pk]


def test_a_channel_deleted(case: Case, board: Matter) -> None:
    """Once, and what is to be done names no custodian."""
    case.town.world.close_channel(case.channel, at=case.town.world.clock.now_ms())
    (row,) = of(board, case.look(hours=1.1))
    assert (row.kind, said(row)) == (Kind.CHANNEL_GONE, f"{ITSELF}, was deleted at Zoom.")


def test_held_both_ways_it_is_one_finding(case: Case, board: Matter) -> None:
    """Which says both; the same in another matter is written about at once."""
    case.hold_itself(case.matter)
    case.channel.owner_id = case.town.ravi.id
    rows = case.look(hours=1.1)
    (row,) = of(case.matter, rows)
    assert len(rows) == 2
    assert said(row).startswith(f"{ITSELF} and where Ravi took part, belongs to Ravi now.")
    assert case.deal(row, everywhere=True) == 2
    assert case.red() == []


def test_what_it_was_when_it_began_to_be_held_counts_as_before(case: Case) -> None:
    """Held under ninety days it is not weakened by those, but by what comes after; held once more it is not forgotten."""
    case.town.world.set_retention(case.channel, custom=True, period="90d")
    case.look(hours=1.1)
    later = case.open("Later")
    case.hold_itself(later)
    assert of(later, case.look(hours=1.1)) == []
    case.town.world.set_retention(case.channel, custom=True, period="30d")
    (row,) = of(later, case.look(hours=1.1))
    assert said(row).endswith("is now 30 days. Before: 90 days.")
    case.hold_itself(later, until=case.now.date())
    assert of(later, case.look(hours=1.1)) == [row]


def test_the_first_of_all_that_hold_it_counts(case: Case, board: Matter) -> None:
    """A custodian added after the change does not make the change the beginning, nor the other way round."""
    case.town.world.set_retention(case.channel, custom=True, period="90d")
    before = case.look(hours=1.1)
    assert {row.matter_id for row in before} == {board.pk, case.matter.pk}
    case.hold(board)
    Matter.objects.filter(pk=board.pk).update(at_zoom=False)
    case.hold_itself(case.matter)
    after = case.look(hours=1.1)
    assert [row.pk for row in after] == [row.pk for row in before]
    assert {row.kind for row in after} == {Kind.RETENTION_CHANGED}


def test_let_go_it_is_watched_no_more(case: Case, board: Matter) -> None:
    """What was found of it ends and waits for words; what happens afterwards concerns who holds it still."""
    case.town.world.set_retention(case.channel, custom=True, period="3d")
    (row,) = of(board, case.look(hours=1.1))
    Hold.objects.filter(matter=board).update(released_at=case.now)
    case.look()
    row.refresh_from_db()
    assert row.cleared_at is not None
    case.channel.owner_id = case.town.ravi.id
    rows = case.look(hours=1.1)
    assert of(board, rows) == [row]
    assert Kind.OWNER_CHANGED in {one.kind for one in of(case.matter, rows)}


def test_with_nobody_held_its_channel_is_read_all_the_same(case: Case, board: Matter) -> None:
    """The only matter that is left holds no custodian."""
    Custodian.objects.update(dropped_at=case.now)
    Matter.objects.filter(pk=case.matter.pk).update(state=Matter.State.RELEASED, released_at=case.now)
    case.look()
    case.town.world.set_retention(case.channel, custom=True, period="3d")
    assert [row.kind for row in of(board, case.look(hours=1.1))] == [Kind.RETENTION_SHORT]


def lose(case: Case) -> None:
    """A month of the channel that Zoom can no longer give, and another that it did not."""
    day = case.now.date().replace(day=1)
    for back in (400, 360):
        Window.objects.create(
            account=case.town.account, session=case.session, kind=Window.Kind.MESSAGES, state=Window.State.GAP,
            first_day=day - timedelta(days=back), last_day=day - timedelta(days=back - 20),
            not_before=windows.NEVER, last_error="Too long ago.",
        )  # fmt: skip


def test_days_of_it_that_zoom_does_not_give(case: Case, board: Matter) -> None:
    """Named by the conversation where it is held itself, by the custodian where they are."""
    lose(case)
    rows = [row for row in case.look() if row.kind == Kind.BROKEN]
    (ours,), (theirs,) = of(board, rows), of(case.matter, rows)
    assert said(ours).startswith(f"2 months of {ITSELF}, cannot be read to their end, from ")
    assert said(ours).endswith(" Zoom can no longer give 2 of them.")
    assert said(theirs).startswith("2 months of conversations with Ravi cannot be read")


def test_capture_behind(case: Case, board: Matter) -> None:
    """As long as any conversation is held without an end, or longer than there is capture."""
    past = case.open("Past")
    case.hold_itself(past, until=case.now.date() - timedelta(days=2))
    rows = [row for row in case.look(hours=25) if row.kind == Kind.BEHIND]
    assert of(board, rows)
    assert not of(past, rows)


def test_days_of_its_own_outlast_those_of_the_matter(case: Case) -> None:
    """The custodians' days are over, the conversation's go on."""
    made = case.open("Long ago", until=case.now.date() - timedelta(days=2), at_zoom=False)
    case.hold(made)
    assert Kind.BEHIND not in {row.kind for row in of(made, case.look(hours=25))}
    case.hold_itself(made, until=case.now.date() + timedelta(days=30))
    assert Kind.BEHIND in {row.kind for row in of(made, case.look())}


def test_nothing_is_asked_of_zooms_matters(case: Case, board: Matter) -> None:
    """That their list is not read defeats no hold on a conversation; that its channel is not read does."""
    case.town.misbehave("error_500@listLegalHoldMatters:every=1")
    rows = case.look(hours=1.5)
    assert [row.kind for row in of(case.matter, rows)] == [Kind.NOT_READ]
    assert of(board, rows) == []
    assert HoldHealth.objects.get(matter=board).unknown == ""
    case.town.misbehave("error_500@*:every=1")
    assert Kind.NOT_READ in {row.kind for row in of(board, case.look(hours=7))}
    assert HoldHealth.objects.get(matter=board).unknown.startswith("Not read lately: ")
    case.town.behave()


def test_a_matter_of_conversations_alone_is_asked_to_confirm_settings(case: Case, board: Matter) -> None:
    """What Zoom keeps decides there too; members that it does not tell concern nobody who is no custodian."""
    case.confirm(is_so=False, words="Encryption was switched on by IT last week.")
    case.channel.member_ids.clear()
    case.town.world.own_user_id = case.town.olu.id
    rows = case.look(hours=7)
    assert {row.kind for row in of(board, rows)} == {Kind.SETTING}
    assert Kind.MEMBERS in {row.kind for row in of(case.matter, rows)}


def test_a_finding_of_an_older_release_reads_as_before(case: Case) -> None:
    """It was written down with its custodians alone, and is never rewritten."""
    told = {"channel": "general", "custodians": "Ravi", "before": "1 year", "now": "90 days"}
    row = Finding(kind=Kind.RETENTION_CHANGED, facts=told)
    assert said(row) == "The retention of “general”, where Ravi took part, is now 90 days. Before: 1 year."
