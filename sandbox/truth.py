"""What is truly there: the counts a complete and exact archive must show.

`revisions` counts states that can be told apart: every live message once (`sent`, its first wording), every
later wording (`edited`), every deletion (`deleted`). A deleted message that was never edited offers only its
deleted state, so it counts under `deleted` alone. `offered` counts the records of the report's three lists.
"""

from datetime import date

from sandbox.clock import day_end_ms, day_start_ms, moment, months_after
from sandbox.dates import REPORT_MONTHS
from sandbox.instance import Instance
from sandbox.pages import START


def counts(instance: Instance, *, since: date | None, until: date | None) -> dict[str, object]:
    """Counts of everything sent on the days given; by default, of all the report still reaches."""
    today = instance.clock.today()
    first = months_after(today, months=-REPORT_MONTHS) if since is None else since
    end_ms = instance.clock.now_ms() + 1 if until is None else day_end_ms(until)
    return {
        "now_ms": instance.clock.now_ms(),
        "from": first.isoformat(),
        "to": (today if until is None else until).isoformat(),
        **instance.report.truth(start_ms=day_start_ms(first), end_ms=end_ms),
    }


def days(instance: Instance, *, session_id: str) -> dict[str, object]:
    """What each UTC day of a session offers in the three lists, by when the messages were sent."""
    session = instance.world.sessions[session_id]
    offered: dict[str, dict[str, int]] = {}
    for message in session.sent(after=START, before_ms=instance.clock.now_ms() + 1):
        day = moment(message.timestamp).date().isoformat()
        row = offered.setdefault(
            day, dict.fromkeys(("messages", "edited_messages", "deleted_messages", "attachments"), 0)
        )
        row["messages"] += message.deleted_at is None
        row["edited_messages"] += len(message.versions) if len(message.versions) > 1 else 0
        row["deleted_messages"] += message.deleted_at is not None
        row["attachments"] += len(message.every_file_id)
    return {"session_id": session_id, "days": dict(sorted(offered.items()))}


def inventory(instance: Instance) -> dict[str, object]:
    """Everybody and every conversation, briefly."""
    world = instance.world
    return {
        "people": [
            {
                "id": one.id,
                "email": one.email,
                "display_name": one.display_name,
                "member_id": one.member_id,
                "external": one.external,
            }
            for one in world.people.values()
        ],
        "sessions": [
            {
                "id": one.id,
                "type": one.type,
                "name": one.name,
                "channel_id": one.channel_id,
                "member_ids": one.member_ids,
                "messages": len(one.messages),
            }
            for one in world.sessions.values()
        ],
        "channels": len(world.channels),
        "files": len(world.files),
        "custom_emoji": sorted(world.emoji),
    }
