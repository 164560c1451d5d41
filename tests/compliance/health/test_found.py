"""What defeats a hold behind our back is red within one look, with the matter, the setting and since when."""

from datetime import timedelta

import pytest

from archive.capture import scheduled
from archive.models import Account
from compliance import audit, health
from compliance.models import Finding, Told, ZoomMatter
from tests.compliance.health.conftest import Case

Kind = Finding.Kind


def test_all_is_well_says_since_when(case: Case) -> None:
    """Healthy is said only after everything was read, and with its first moment."""
    assert (case.mark().state, case.mark().words) == ("complete", "hold healthy")
    page = health.page(matter_id=case.matter.pk, by=case.ines, now=case.now)
    assert page.health is not None
    assert page.health.well_since == page.health.looked_at


def test_before_the_first_look_nothing_is_known(case: Case) -> None:
    """A matter that was just opened is not healthy yet."""
    other = case.open("Another")
    assert health.mark(other, now=case.now).state == "unknown"


def test_a_matter_deleted_behind_our_back(case: Case) -> None:
    """Red within one look, told to the member, in the trail, with the two reads between which it happened."""
    before = case.now
    case.vanish()
    (row,) = case.look()
    assert row.kind == Kind.MATTER_MISSING
    assert row.facts["zoom_id"] == case.placed.zoom_id
    assert before - timedelta(minutes=1) < health.reading._line(row).since < case.now
    what, means, do = health.sentences(row)
    assert "which held Ravi" in what
    assert "stays held here" in means
    assert "again" in do
    assert case.mark().words == "1 finding"
    assert [event["kind"] for event in case.events(audit.Action.FOUND)] == ["matter_missing"]
    assert "matter missing at Zoom, in Inquiry 2026-114" in Told.objects.latest("pk").text


def test_found_again_is_only_seen_again(case: Case) -> None:
    """One finding, one event, one line, however often it is looked at."""
    case.vanish()
    (first,) = case.look()
    (again,) = case.look()
    assert again.pk == first.pk
    assert again.last_seen_at > first.last_seen_at
    assert len(case.events(audit.Action.FOUND)) == 1


def test_a_custodian_taken_out_and_somebody_else_put_in(case: Case) -> None:
    """Both are found, each for itself."""
    case.town.world.matters[case.placed.zoom_id].person_ids[:] = [case.town.ines.id]
    case.look()
    assert case.kinds() == [Kind.CUSTODIAN_MISSING, Kind.STRANGER]


def test_a_matter_newer_than_the_list_is_not_missing(case: Case) -> None:
    """What was created after Zoom’s list was read cannot be in it."""
    row = case.place(case.open("Another"), case.custodian)
    ZoomMatter.objects.filter(pk=row.pk).update(created_at=case.now)
    assert health.judge(now=case.now) == 0


def test_a_hold_that_does_not_reach_zoom(case: Case) -> None:
    """After an hour of trying, with the reason; whoever else of the matter is held is not named."""
    other = case.open("Another")
    row = ZoomMatter.objects.create(
        matter=other, name="late", not_before=case.now, asked_at=case.now, last_error="Zoom is down."
    )
    row.custodians.add(case.hold(other))
    assert case.look() == []
    (found,) = case.look(hours=1)
    assert (found.kind, found.matter_id) == (Kind.NOT_PLACED, other.pk)
    assert "Zoom is down." in health.sentences(found)[0]


def test_a_hold_that_zoom_refused(case: Case) -> None:
    """Is red at once; a list that was split because of one person is not, when everybody is held in its parts."""
    ZoomMatter.objects.create(
        matter=case.matter,
        name="split",
        not_before=case.now,
        asked_at=case.now,
        state=ZoomMatter.State.FAILED,
    ).custodians.add(case.custodian)
    assert case.look() == []
    other = case.open("Another")
    ZoomMatter.objects.create(
        matter=other, name="no", not_before=case.now, asked_at=case.now, state=ZoomMatter.State.FAILED
    ).custodians.add(case.hold(other))
    assert [row.kind for row in case.look()] == [Kind.NOT_PLACED]


def test_a_custodian_of_whom_no_matter_was_made(case: Case) -> None:
    """Everybody held here is held at Zoom, unless the matter says otherwise."""
    other = case.open("Another")
    case.hold(other)
    case.look(hours=1.5)
    assert [(row.kind, row.matter_id) for row in case.red()] == [(Kind.NOT_PLACED, other.pk)]


@pytest.mark.parametrize(
    ("period", "kind", "words"),
    [("3d", Kind.RETENTION_SHORT, "for 3 days only"), ("90d", Kind.RETENTION_CHANGED, "is now 90 days")],
)
def test_retention_shortened(case: Case, period: str, kind: Finding.Kind, words: str) -> None:
    """The channel, who took part, what it was before and what it is."""
    case.town.world.set_retention(case.channel, custom=True, period=period)
    (row,) = case.look(hours=1.1)
    assert row.kind == kind
    assert words in health.sentences(row)[0]
    assert "“general”" in health.sentences(row)[0]
    assert "the account’s own rule" in health.sentences(row)[0]


def test_retention_is_compared_with_what_it_was_when_the_hold_began(case: Case) -> None:
    """A matter opened under ninety days is not weakened by a year; the one that began before has a new finding."""
    case.town.world.set_retention(case.channel, custom=True, period="90d")
    (row,) = case.look(hours=1.1)
    case.deal(row)
    case.hold(case.open("Later"))
    case.town.world.set_retention(case.channel, custom=True, period="1y")
    case.look(hours=1.1)
    changed = [one for one in case.red() if one.kind == Kind.RETENTION_CHANGED]
    assert [(one.matter_id, one.subject[-3:]) for one in changed] == [(case.matter.pk, "/1y")]


def test_another_owner(case: Case) -> None:
    """Who owns the channel now, and who did when the hold began."""
    case.channel.owner_id = case.town.ravi.id
    (row,) = case.look(hours=1.1)
    assert row.kind == Kind.OWNER_CHANGED
    assert "belongs to Ravi now. Before: Ines." in health.sentences(row)[0]


def test_a_channel_deleted(case: Case) -> None:
    """Once, and not as a change of its owner or retention too."""
    case.town.world.close_channel(case.channel, at=case.town.world.clock.now_ms())
    case.look(hours=1.1)
    assert case.kinds() == [Kind.CHANNEL_GONE]


def test_a_user_deactivated(case: Case) -> None:
    """The directory says so within a quarter of a day."""
    case.town.ravi.active = False
    case.look(hours=6.1)
    assert case.kinds() == [Kind.DEACTIVATED]


def test_a_scope_withdrawn(case: Case) -> None:
    """Named with the scope to add; nothing is taken for gone because it cannot be read."""
    tokens = case.town.sandbox.instance.tokens
    tokens.scopes = frozenset({"report_chat:read:admin"})
    tokens.revoke()
    scheduled.look_at_scopes(now=case.now + timedelta(hours=1.1))
    case.look(hours=1.1)
    assert set(case.kinds()) == {Kind.SCOPES, Kind.NOT_READ}
    scopes = [health.sentences(row) for row in case.red() if row.kind == Kind.SCOPES]
    assert any("chat_history_legal_hold:read:admin" in do for _, _, do in scopes)


def test_zoom_out_of_reach_is_unknown_and_never_healthy(case: Case) -> None:
    """At first unknown, after an hour a finding that says when it was last read."""
    case.town.misbehave("error_500@*:every=1")
    case.look(hours=0.9)
    assert case.red() == []
    (row, *_) = case.look(hours=0.5)
    assert row.kind == Kind.NOT_READ
    assert "Last read: " in health.sentences(row)[0]
    case.town.behave()


def test_capture_behind(case: Case) -> None:
    """Nothing was captured for more than a day."""
    case.look(hours=25)
    assert Kind.BEHIND in case.kinds()


def test_a_look_that_does_not_come_is_unknown(case: Case) -> None:
    """When beat or the worker stand still, the last good look says nothing of now."""
    case.town.world.clock.advance(seconds=3600)
    assert case.mark().words == "hold health unknown"
    assert health.standing(now=case.now).state == "unknown"


def test_an_account_switched_off(case: Case) -> None:
    """The holds of its matters are not looked after any more, and say so."""
    Account.objects.update(is_active=False)
    assert Kind.ACCOUNT_OFF in {row.kind for row in case.look()}


def test_a_setting_that_somebody_saw_wrong(case: Case) -> None:
    """What no API tells is red when a person says so, and names the person."""
    case.confirm(is_so=False, words="Encryption was switched on by IT last week.")
    assert len(case.look()) == 3
    assert "Ines Moreau (ines) looked at Zoom" in health.sentences(case.red()[0])[0]


def test_settings_are_asked_for_every_month(case: Case) -> None:
    """A confirmation counts for a month; then the members are reminded, once."""
    asked = Told.objects.filter(text__contains="confirm the settings")
    assert asked.count() == 0
    case.town.world.clock.advance(seconds=32 * 86_400)
    health.judge(now=case.now)
    health.judge(now=case.now)
    assert asked.count() == 1
