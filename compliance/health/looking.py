"""Looking for what defeats a hold: read what is due at Zoom, judge every active matter, and write what changed.

1. `plan` tells the archive what is held, so that it looks at what their holds depend on.
2. `look` has what is due read, then judges. What is found and was not open is a new finding, an audit event and a line to
   every member; what is open and found again is only seen again; what is not found any more has ended, which is an
   event too. Nothing is dealt with by it: that takes a person and words.

Judging runs alone, under a lock, in one transaction: a finding is there with its event or not at all.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from celery import current_app
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Q

from archive.capture import lookouts
from compliance import audit, errands, matters, told
from compliance.health import checks, facts
from compliance.health.facts import Facts
from compliance.health.findings import Found
from compliance.health.kinds import SORTS
from compliance.models import Confirmation, Finding, HoldHealth, Matter, MatterMember
from compliance.models.health import RED

Clock = Callable[[], datetime]
Key = tuple[int, str, str]

READ_FOR = timedelta(minutes=4)
CONFIRMED_FOR = timedelta(days=31)
"""How long a confirmed setting counts as known."""
MANY = 3
"""Of more matters than this at once a person is told in one line."""
_LOCK = 5214000605


@dataclass(frozen=True)
class Progress:
    """How much of a look that was asked for is done; things to read at Zoom."""

    done: int
    total: int


def plan(*, now: datetime) -> None:
    """Have what the holds of today depend on looked at, and nothing else."""
    lookouts.plan(held=facts.held(), now=now)


def look(*, clock: Clock) -> int:
    """Read what is due at Zoom, then judge; how many findings are new. A matter just opened waits for no plan."""
    if Matter.objects.filter(state=Matter.State.ACTIVE, health=None).exists():
        plan(now=clock())
    lookouts.read_due(clock=clock, until=clock() + READ_FOR)
    new = judge(now=clock())
    _tell_askers(now=clock())
    return new


def look_now(*, matter_id: int, by: User | None, now: datetime) -> None:
    """Look at Zoom at once, because a member of a matter asks. Raises matters.NoSuchMatter."""
    matter = matters.get(matter_id=matter_id, by=by)
    with transaction.atomic():
        lookouts.plan(held=facts.held(), now=now)
        total = lookouts.ask_now(account_id=matter.account_id, now=now)
        accounts = [matter.account_id]
        errands.begin(kind=errands.Kind.LOOK, accounts=accounts, matter=matter, total=total, by=by, now=now)
        audit.record(
            action=audit.Action.LOOKED,
            subject=f"matter/{matter.pk}/health",
            details={"at": "Zoom"},
            by=by,
            now=now,
        )
        transaction.on_commit(_nudge, robust=True)  # a lost nudge is made up for by the next minutes


def progress(matter: Matter) -> Progress | None:
    """How far a look is that somebody asked for, for a page that has let its reader in; None: nobody waits for one."""
    asked = errands.under_way(errands.Kind.LOOK, matter=matter)
    if len(asked) == 0:
        return None
    newest = asked[-1]
    left = lookouts.left(account_id=matter.account_id, since=newest.asked_at)
    return Progress(done=max(0, newest.total - left), total=newest.total)


def _tell_askers(*, now: datetime) -> None:
    """Whoever had Zoom looked at, once all was tried and judged."""
    for one in errands.under_way(errands.Kind.LOOK):
        matter = one.matter
        if matter is None or lookouts.left(account_id=matter.account_id, since=one.asked_at) > 0:
            continue
        red = Finding.objects.filter(RED, matter=matter).count()
        things = "1 thing defeats" if red == 1 else f"{red:,} things defeat"
        health = HoldHealth.objects.filter(matter=matter).first()
        found = "nothing defeats what it holds." if health is None or health.unknown == "" else health.unknown
        if red > 0:
            found = f"{things}, or may defeat, what it holds."
        text = f"Zoom was looked at for “{matter.name}”: {found}"
        errands.end(one, text=text, link=f"/matters/{matter.pk}/health/", now=now)


def judge(*, now: datetime) -> int:
    """Judge every active matter from what is known; how many findings are new."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        every = facts.gather(now=now)
        opened = {
            (row.matter_id, row.kind, row.subject): row for row in Finding.objects.filter(cleared_at=None)
        }
        found = {
            (one.matter.pk, str(what.kind), what.subject): what
            for one in every
            for what in checks.everything(one)
        }
        seen_again = [row.pk for key, row in opened.items() if key in found]
        Finding.objects.filter(pk__in=seen_again).update(last_seen_at=now)
        gone = [row for key, row in opened.items() if key not in found]
        Finding.objects.filter(pk__in=[row.pk for row in gone]).update(cleared_at=now)
        new = _add({key: what for key, what in found.items() if key not in opened}, now=now)
        _note(every, now=now)
        _remind(every, now=now)
        _tell(new, now=now)
        for row in new:
            _record(audit.Action.FOUND, row, now=now)
        for row in gone:
            _record(audit.Action.CLEARED, row, now=now)
    return len(new)


def unknown(one: Facts) -> str:
    """What cannot be known of a matter now, in words; "" when nothing is."""
    if not one.holds_anything:
        return ""
    if one.asks_zoom and one.footing.matters is None:
        return "Zoom’s list of matters has not been read yet."
    if one.footing.pending > 0:
        things = "1 thing is" if one.footing.pending == 1 else f"{one.footing.pending:,} things are"
        return f"{things} still to be read at Zoom for the first time."
    if one.unread:
        return f"Not read lately: {', '.join(row.label for row in one.unread)}."
    return ""


def _nudge() -> None:
    current_app.send_task("compliance.tasks.look_after_holds", expires=115)


def _add(found: dict[Key, Found], *, now: datetime) -> list[Finding]:
    """New rows; one that was there before leads to what it was then."""
    if not found:
        return []
    concerned = {matter_id for matter_id, _, _ in found}
    ended = Finding.objects.filter(matter_id__in=concerned).exclude(cleared_at=None).order_by("pk")
    before = {(row.matter_id, row.kind, row.subject): row for row in ended}
    return Finding.objects.bulk_create(
        Finding(
            matter_id=key[0],
            kind=what.kind,
            subject=what.subject,
            facts=what.facts,
            words_suffice=SORTS[what.kind].words_suffice,
            before=before.get(key),
            first_seen_at=now,
            last_seen_at=now,
        )
        for key, what in found.items()
    )


def _note(every: list[Facts], *, now: datetime) -> None:
    """That each matter was looked at, what is unknown, and since when all is well."""
    red = set(Finding.objects.filter(RED).values_list("matter_id", flat=True))
    known = {row.matter_id: row for row in HoldHealth.objects.all()}
    rows = []
    for one in every:
        words = unknown(one)
        is_well = words == "" and one.matter.pk not in red
        before = known.get(one.matter.pk)
        since = None if before is None else before.well_since
        well_since = (since or now) if is_well else None
        rows.append(HoldHealth(matter=one.matter, looked_at=now, well_since=well_since, unknown=words))
    HoldHealth.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["matter"],
        update_fields=["looked_at", "well_since", "unknown"],
    )


def unconfirmed(settings: dict[str, Confirmation] | Facts, *, now: datetime) -> list[str]:
    """The settings that nobody confirmed within a month."""
    rows = settings.settings if isinstance(settings, Facts) else settings
    return [
        setting
        for setting in Confirmation.Setting.values
        if setting not in rows or rows[setting].at < now - CONFIRMED_FOR
    ]


def _remind(every: list[Facts], *, now: datetime) -> None:
    """Ask the members, once a month, to confirm what no API tells."""
    due = Q(reminded_at=None) | Q(reminded_at__lt=now - CONFIRMED_FOR)
    waiting = {one.matter.pk for one in every if one.holds_anything and unconfirmed(one, now=now)}
    asked = list(HoldHealth.objects.filter(due, matter__in=waiting).values_list("matter_id", flat=True))
    HoldHealth.objects.filter(matter__in=asked).update(reminded_at=now)
    _say(
        dict.fromkeys(asked, "Look at Zoom and confirm the settings its API does not tell"),
        many="Look at Zoom and confirm, for {count} matters, the settings its API does not tell",
        now=now,
    )


def _tell(new: Iterable[Finding], *, now: datetime) -> None:
    """Every member of a matter, in one line a matter."""
    by_matter: dict[int, list[Finding]] = {}
    for row in new:
        by_matter.setdefault(row.matter_id, []).append(row)
    lines = {
        key: f"Hold health: {rows[0].get_kind_display()}"
        + ("" if len(rows) == 1 else f" and {len(rows) - 1} more")
        for key, rows in by_matter.items()
    }
    _say(lines, many="Hold health: something was found in {count} matters", now=now)


def _say(lines: dict[int, str], *, many: str, now: datetime) -> None:
    """A line a matter to its members; one line for all to whoever would get many."""
    if not lines:
        return
    members = MatterMember.objects.filter(matter__in=lines, removed_at=None, user__is_active=True)
    mine: dict[User, list[tuple[int, str]]] = {}
    for row in members.select_related("user", "matter").order_by("user_id", "matter_id"):
        mine.setdefault(row.user, []).append((row.matter_id, row.matter.name))
    for person, lot in mine.items():
        if len(lot) > MANY:
            told.tell(person=person, text=many.format(count=len(lot)), link="/matters/", now=now)
            continue
        for matter_id, name in lot:
            told.tell(
                person=person,
                text=f"{lines[matter_id]}, in {name}",
                link=f"/matters/{matter_id}/health/",
                now=now,
            )


def _record(action: audit.Action, row: Finding, *, now: datetime) -> None:
    details = {"finding": row.pk, "kind": row.kind, "of": row.subject, "reason": row.get_kind_display()}
    if action == audit.Action.FOUND:
        details["facts"] = row.facts
    audit.record(action=action, subject=f"matter/{row.matter_id}", details=details, by=None, now=now)
