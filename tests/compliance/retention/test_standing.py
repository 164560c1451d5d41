"""How channels stand: read, compared, held, never a zero for what is not known; and drift is found and told."""

import pytest

from archive import channels, grants
from archive.channels import Reading
from archive.models import Channel as Known
from archive.models import Lookout, Session
from compliance import audit
from compliance.models import AuditEvent, ChannelSetting, Told
from compliance.retention import covering, rules, standing, table
from compliance.retention.table import Show, Sort
from tests.compliance.retention.conftest import Desk


def test_every_channel_is_read_with_its_owner(desk: Desk) -> None:
    """Although nobody is held."""
    row = desk.row("desk-01")
    assert (row.reading, row.period, row.owner_name, row.kind) == ("period", "2y", "Ines", "public")
    assert (row.members, row.difference, row.is_held) == (1, "no_rule", False)
    assert ChannelSetting.objects.count() == 4


def test_what_cannot_be_read_says_why(desk: Desk) -> None:
    """Never read, refused, gone and failed are four things, and none of them is a period."""
    town = desk.town
    desk.rule("7y")
    Known.objects.create(account=town.account, zoom_id="never", name="never", last_seen_at=desk.now)
    town.world.close_channel(desk.at_zoom("desk-02"), at=town.world.clock.now_ms())
    desk.at_zoom("desk-03").archived_at = town.world.clock.now_ms()
    standing.refresh(now=desk.now)
    assert (desk.row("never").reading, desk.row("never").period) == (Reading.UNREAD, "")
    desk.pass_by(hours=7)
    desk.read()
    lines = {one.setting.title: one for one in table.page(by=desk.ines, now=desk.now).lines}
    assert lines["desk-02"].setting.reading == Reading.GONE
    assert lines["desk-02"].why_not == "Zoom does not know it any more."
    assert lines["desk-03"].zoom == "2 years"
    assert "permission" in lines["desk-03"].why_not
    assert lines["desk-03"].setting.difference == "unknown"
    assert lines["desk-01"].why_not == ""


def test_a_group_chat_has_no_retention_of_its_own(desk: Desk) -> None:
    """Which is an answer, and said in words."""
    chat = desk.at_zoom("desk-01")
    Lookout.objects.filter(subject=chat.id).update(subject="moved away")
    chat.type = 4
    desk.read()
    row = ChannelSetting.objects.get(channel_id=chat.id)
    assert row.reading == Reading.REFUSED
    assert "group chat" in standing.judge(row, None).why_not


def test_the_accounts_rule_is_no_period(desk: Desk) -> None:
    """Zoom tells only that the channel has none of its own; whatever we set may then be shorter."""
    desk.rule("10y")
    desk.set_at_zoom("desk-01", "2y", custom=False)
    desk.pass_by(hours=7)
    desk.read()
    row = desk.row("desk-01")
    assert (row.reading, row.period, row.days, row.difference) == ("account", "", None, "shorter")


def test_a_person_held_covers_the_channels_they_were_in(desk: Desk) -> None:
    """`general`, where Ravi spoke, whatever days the rule names; not those of Ines alone."""
    hold = desk.hold()
    found = covering.now()
    place = (desk.town.account.pk, desk.at_zoom("general").id)
    assert found == {place: covering.Holders((hold.matter_id,), False)}
    standing.refresh(now=desk.now)
    assert [row.title for row in ChannelSetting.objects.filter(is_held=True)] == ["general"]


def test_a_rule_of_a_session_and_one_of_everything_cover(desk: Desk) -> None:
    """The session's channel; every channel of the account."""
    hold = desk.hold()
    session = desk.row("desk-02").session_id
    type(hold).objects.create(
        matter=hold.matter, account_id=hold.account_id, session_id=session, covers_received=True,
        placed_at=desk.now, placed_by_name="Ines",
    )  # fmt: skip
    names = {row.channel_id: row.title for row in ChannelSetting.objects.all()}
    assert {names[channel] for _, channel in covering.now()} == {"general", "desk-02"}
    type(hold).objects.create(
        matter=hold.matter, account_id=hold.account_id, covers_received=True, placed_at=desk.now, placed_by_name="Ines",
    )  # fmt: skip
    assert {names[channel] for _, channel in covering.now()} == set(names.values())


def test_where_nobody_is_known_to_have_been_everybody_may(desk: Desk) -> None:
    """As soon as somebody of the account is held; it cannot be shown that they were not there."""
    Known.objects.create(account=desk.town.account, zoom_id="quiet", name="quiet", last_seen_at=desk.now)
    assert covering.now() == {}
    hold = desk.hold()
    assert covering.now()[hold.account_id, "quiet"] == covering.Holders((), True)
    type(hold).objects.filter(released_at=None).update(released_at=desk.now)
    assert covering.now() == {}


def test_who_holds_is_named_to_members_only(desk: Desk) -> None:
    """Others learn that there is a hold, and not whose."""
    matter = desk.matter(desk.ines)
    desk.hold(matter=matter)
    standing.refresh(now=desk.now)
    key = desk.row("general").pk
    assert "“Inquiry 2026-114”" in table.one(setting_id=key, by=desk.ines, now=desk.now).held
    other = table.one(setting_id=key, by=desk.mei, now=desk.now).held
    assert "Inquiry" not in other
    assert "a hold of a matter" in other


def test_the_table_is_filtered_sorted_and_paged(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """With exact totals, every channel once, the unknown last."""
    monkeypatch.setattr(table, "PAGE_SIZE", 2)
    desk.rule("7y", named="desk-*")
    desk.set_at_zoom("desk-03", "30d")
    desk.set_at_zoom("desk-01", "1y", custom=False)
    desk.pass_by(hours=7)
    desk.read()

    def titles(**asked: object) -> list[str]:
        found: list[str] = []
        after = ""
        while True:
            page = table.page(**asked, after=after, by=desk.ines, now=desk.now)  # type: ignore[arg-type]
            found += [one.setting.title for one in page.lines]
            assert page.total == table.page(**asked, by=desk.ines, now=desk.now).total  # type: ignore[arg-type]
            if page.next is None:
                assert page.total == len(found)
                return found
            after = page.next

    assert titles() == ["desk-01", "desk-02", "desk-03", "general"]
    assert titles(sort=Sort.PERIOD) == ["desk-03", "desk-02", "general", "desk-01"] or titles(
        sort=Sort.PERIOD
    ) == ["desk-03", "general", "desk-02", "desk-01"]
    assert titles(show=Show.LONGER) == ["desk-02", "desk-03"]
    assert titles(show=Show.SHORTER) == ["desk-01"]
    assert titles(show=Show.NO_RULE) == ["general"]
    assert titles(named="DESK-0") == ["desk-01", "desk-02", "desk-03"]
    assert titles(named="ines", sort=Sort.PERIOD)[0] == "desk-03"
    with pytest.raises(ValueError, match="Not a place"):
        table.page(after="x", by=desk.ines, now=desk.now)


def test_drift_is_found_told_and_over_when_it_is_set_back(desk: Desk) -> None:
    """What was set from here and read back is read otherwise: an event, and a line to whoever may set retention."""
    desk.rule("7y")
    desk.begin(desk.plan())
    desk.work()
    desk.pass_by(hours=1)
    assert desk.read() == 0
    desk.set_at_zoom("desk-02", "30d")
    desk.pass_by(hours=7)
    assert desk.read() == 1
    row = desk.row("desk-02")
    assert (row.applied, row.period, row.difference) == ("7y", "30d", "longer")
    assert row.drifted_at is not None
    told = Told.objects.filter(text__contains="“desk-02” no longer keeps what was applied")
    assert {one.person.username for one in told} == {"ines", "mei", "samir"}
    (event,) = desk.events(audit.Action.DRIFTED)
    assert (event["applied"], event["read"]) == ("7y", "30d")
    desk.pass_by(hours=7)
    assert desk.read() == 0
    assert AuditEvent.objects.filter(action=audit.Action.DRIFTED).count() == 1
    assert [
        seen.period for seen in channels.history(account_id=row.account_id, channel_id=row.channel_id)
    ] == [
        "30d",
        "7y",
        "2y",
    ]
    desk.begin(desk.plan("desk-02"))
    desk.work()
    assert desk.row("desk-02").drifted_at is None


def test_what_we_read_back_counts_until_something_newer_is_read(desk: Desk) -> None:
    """An older reading that is compared after the change is no drift."""
    desk.rule("7y")
    desk.begin(desk.plan())
    desk.work()
    assert standing.refresh(now=desk.now) == 0
    assert {row.period for row in ChannelSetting.objects.all()} == {"7y"}


def test_a_rule_that_ends_leaves_what_was_applied(desk: Desk) -> None:
    """Nothing changes at Zoom by it, and it is no drift."""
    rule = desk.rule("7y")
    desk.begin(desk.plan())
    desk.work()
    rules.end(rule_id=rule.pk, why="Over", by=desk.ines, now=desk.now)
    row = desk.row("desk-01")
    assert (row.difference, row.period, row.drifted_at) == ("no_rule", "7y", None)
    assert desk.at_zoom("desk-01").retention_period == "7y"


def test_the_application_role_may_not_remove_a_channel(desk: Desk) -> None:
    """It is worked out anew, never dropped: what was applied would be forgotten."""
    assert "DELETE" not in (grants.privileges("compliance_channelsetting") or "")


def test_what_zoom_does_not_list_is_private_once_the_list_was_read_after_it(desk: Desk) -> None:
    """Until then nobody knows: a rule for private channels must not shorten a public one that is new."""
    key = desk.at_zoom("desk-01").id
    Known.objects.filter(zoom_id=key).update(type=None)
    Known.objects.exclude(zoom_id=key).update(last_seen_at=desk.now)
    standing.refresh(now=desk.now)
    assert desk.row("desk-01").kind == "private"
    Session.objects.filter(channel_id=key).update(first_seen_at=desk.now)
    standing.refresh(now=desk.now)
    assert desk.row("desk-01").kind == "unknown"
    desk.rule("1y", kinds=("private",))
    assert desk.row("desk-01").rule is None


def test_a_newcomer_waits_for_no_clock(desk: Desk) -> None:
    """A channel that a capture found is missed at once, until it is looked at, read and shown."""
    known = channels.known()
    assert (known.channels, known.watched, known.read) == (4, 4, 4)
    assert not standing.is_behind(known)
    Known.objects.create(account=desk.town.account, zoom_id="new", name="new", last_seen_at=desk.now)
    known = channels.known()
    assert (known.channels, known.watched) == (5, 4)
    assert standing.is_behind(known)
    standing.refresh(now=desk.now)
    assert not standing.is_behind(channels.known())
    Lookout.objects.create(
        account=desk.town.account, kind="retention", subject="new", begun_at=desk.now, not_before=desk.now,
        read_at=desk.now,
    )  # fmt: skip
    assert standing.is_behind(channels.known())
