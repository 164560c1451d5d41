"""Messages to be sent later, as deeds.

They are sent by the world's clock, at the very moment they were scheduled for, before anything reads the world
after that moment (`punctual.py` sees to it). One that can no longer be sent, because its channel is gone or its
sender has left, is dropped in silence, as nobody waits for an answer.
"""

from sandbox import identity, messaging
from sandbox.deeds import deed
from sandbox.desk import Draft
from sandbox.messaging import Rows
from sandbox.world import Unknown, World


@deed
def schedule(
    world: World,
    *,
    by: str,
    text: str,
    at: int,
    due_at: int,
    channel_id: str | None,
    contact_id: str | None,
    file_ids: list[str],
    reply_to: str | None,
    rich_text: Rows | None,
    at_items: Rows | None,
    cards: list[str],
) -> Draft:
    """Someone writes a message that is to go out at `due_at`."""
    number = world.number()
    draft_id = identity.message(world.seed, "draft", number).lower()
    draft = Draft(
        draft_id,
        by,
        channel_id,
        contact_id,
        text,
        at,
        due_at,
        number,
        file_ids,
        reply_to,
        rich_text,
        at_items,
        cards,
    )
    world.desk.drafts[draft_id] = draft
    return draft


@deed
def discard(world: World, *, draft_id: str, at: int) -> None:  # noqa: ARG001
    """It is not to be sent after all."""
    del world.desk.drafts[draft_id]


@deed
def send_due(world: World, *, at: int) -> None:
    """Send what was to go out by now, in order."""
    for draft in sorted(due(world, at=at), key=lambda one: (one.due_at, one.number)):
        del world.desk.drafts[draft.id]
        if not _can_be_sent(world, draft):
            continue
        messaging.send(
            world,
            by=draft.person_id,
            text=draft.text,
            at=draft.due_at,
            channel_id=draft.channel_id,
            contact_id=draft.contact_id,
            file_ids=[one for one in draft.file_ids if world.files[one].deleted_at is None],
            reply_to=draft.reply_to,
            rich_text=draft.rich_text,
            at_items=draft.at_items,
            cards=draft.cards,
        )


def due(world: World, *, at: int) -> list[Draft]:
    """What is to go out by a moment."""
    return [one for one in world.desk.drafts.values() if one.due_at <= at]


def _can_be_sent(world: World, draft: Draft) -> bool:
    if draft.channel_id is None:
        try:
            world.person(draft.contact_id or "")
        except Unknown:
            return False
        return True
    channel = world.channels.get(draft.channel_id)
    return channel is not None and channel.deleted_at is None and draft.person_id in channel.member_ids
