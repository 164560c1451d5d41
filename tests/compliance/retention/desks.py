"""Channels that were read at Zoom, a rule and a plan of them, without a pretend Zoom."""

from archive.models import Account, Channel, Lookout, Sighting
from compliance.models import ChannelSetting
from compliance.retention import conditions, plans, rules
from tests.archive import scenes


def channel(number: int, *, period: str = "2y") -> Channel:
    """A channel that was read at Zoom: named by its number, kept for a period of its own."""
    account = Account.objects.get()
    made = Channel.objects.create(
        account=account, zoom_id=f"c{number}", name=f"desk-{number:02}", type=3, last_seen_at=scenes.NOW
    )
    for kind, said in (
        (Lookout.Kind.RETENTION, {"custom": True, "period": period}),
        (Lookout.Kind.OWNER, {"owner": "u-ines", "name": "Ines"}),
    ):
        row = Lookout.objects.create(
            account=account, kind=kind, subject=made.zoom_id, for_holds=False, not_before=scenes.NOW,
            begun_at=scenes.NOW, read_at=scenes.NOW,
        )  # fmt: skip
        Sighting.objects.create(lookout=row, said=said, seen_at=scenes.NOW)
    return made


def retention() -> dict[str, int]:
    """A channel, a rule that lengthens it and a plan of it, by the operator; their keys."""
    channel(1)
    return retention_of(period="7y")


def retention_of(*, period: str) -> dict[str, int]:
    """The same of the channels there are, with a period."""
    draft = rules.Draft(
        account_id=Account.objects.get().pk, name="Desks", period=period, reason="SEC 17a-4",
        conditions=conditions.Conditions(named="desk-*"),
    )  # fmt: skip
    rule = rules.write(draft=draft, by=None, now=scenes.NOW)
    plan = plans.make(by=None, now=scenes.NOW)
    return {"setting": ChannelSetting.objects.get(title="desk-01").pk, "zoom_rule": rule.pk, "plan": plan.pk}
