"""What a message said over time, told from its revisions. Pure.

Zoom says the same words several times: the list of messages gives the present wording, the list of edited ones
the wordings with the moments they were written, the list of deleted ones the last. Each is a revision and is
evidence; a reader wants the wordings once each, in the order they were written. Where Zoom gave no moment, a
wording first seen when the message was captured is taken as sent, a later one as written by the time it was seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from archive.models import Revision

SENT, EDITED, DELETED = (kind.value for kind in Revision.Kind)


class State(StrEnum):
    """What a message is now."""

    SENT = "sent"
    EDITED = "edited"
    DELETED = "deleted"
    DESTROYED = "destroyed"
    """Here, under a disposition: nothing it said is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One revision as its row holds it."""

    revision_id: int
    kind: str
    text: str
    sender_name: str
    action_at: datetime | None
    stored_at: datetime
    oddities: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One wording and the revisions that carry it. `at` is when it was written, as far as is known.

    `is_last_known` when only the record of the deletion gave it: whether it was so from the first is not known.
    """

    text: str
    at: datetime
    at_is_known: bool
    revision_ids: tuple[int, ...]
    is_last_known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The wordings oldest first (at least one), and how the message stands.

    `original_is_held` is false when the message was edited before it was captured and Zoom did not give its
    first wording. `edited_at` and `deleted_at` are None when that never happened or Zoom gave no moment.
    """

    wordings: tuple[Wording, ...]
    state: State
    edited_at: datetime | None
    deleted_at: datetime | None
    original_is_held: bool


@dataclass(slots=True)
class _Draft:
    text: str
    at: datetime
    at_is_known: bool
    revision_ids: list[int]


def story(seen: Sequence[Seen], *, sent_at: datetime) -> Story:
    """The story of one message; `seen` are its revisions in the order they were stored, none when it was destroyed.

    1. The edited list gives wordings with their moments, and so does any record with a moment of its own in the
       list of messages; equal neighbours are one.
    2. A wording of the other records belongs to the newest equal one; if there is none, it is one more: sent
       with the message when it was seen first, else written by the time it was seen.
    """
    if len(seen) == 0:
        return _destroyed(sent_at)
    drafts: list[_Draft] = []
    edits = [revision for revision in seen if _is_edit(revision, sent_at)]
    for revision in sorted(edits, key=lambda r: (r.action_at or r.stored_at, r.revision_id)):
        if len(drafts) > 0 and drafts[-1].text == revision.text:
            drafts[-1].revision_ids.append(revision.revision_id)
            continue
        at = revision.action_at
        drafts.append(_Draft(revision.text, at or revision.stored_at, at is not None, [revision.revision_id]))
    for revision in sorted(seen, key=lambda r: r.kind == DELETED):
        if not _is_edit(revision, sent_at):
            _place(drafts, revision, sent_at, is_first=revision.revision_id == seen[0].revision_id)
    drafts.sort(key=lambda draft: draft.at)
    deletions = [revision for revision in seen if revision.kind == DELETED]
    of_deletions = {revision.revision_id for revision in deletions}
    is_edited = len(drafts) > 1 or any(r.action_at is None or r.action_at > sent_at for r in edits)
    changed = [r.action_at for r in edits if r.action_at is not None and r.action_at > sent_at]
    return Story(
        wordings=tuple(
            Wording(
                text=d.text,
                at=d.at,
                at_is_known=d.at_is_known,
                revision_ids=tuple(sorted(d.revision_ids)),
                is_last_known=all(key in of_deletions for key in d.revision_ids),
            )
            for d in drafts
        ),
        state=State.DELETED if len(deletions) > 0 else State.EDITED if is_edited else State.SENT,
        edited_at=max(changed, default=None),
        deleted_at=min((r.action_at for r in deletions if r.action_at is not None), default=None),
        original_is_held=drafts[0].at <= sent_at,
    )


def _destroyed(sent_at: datetime) -> Story:
    """Of a message whose words are gone: one wording, without any."""
    nothing = Wording(text="", at=sent_at, at_is_known=True, revision_ids=(), is_last_known=False)
    return Story(
        wordings=(nothing,), state=State.DESTROYED, edited_at=None, deleted_at=None, original_is_held=True
    )


def _is_edit(revision: Seen, sent_at: datetime) -> bool:
    """Whether a record says when its words were written: the list of messages may, for an edited one."""
    if revision.kind == SENT:
        return revision.action_at is not None and revision.action_at > sent_at
    return revision.kind == EDITED


def _place(drafts: list[_Draft], revision: Seen, sent_at: datetime, *, is_first: bool) -> None:
    for draft in reversed(drafts):
        if draft.text == revision.text:
            draft.revision_ids.append(revision.revision_id)
            return
    if len(drafts) == 0 or is_first:
        drafts.append(_Draft(revision.text, sent_at, True, [revision.revision_id]))
    else:
        drafts.append(_Draft(revision.text, revision.stored_at, False, [revision.revision_id]))
