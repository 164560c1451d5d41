"""What can be asked for: each kind of request as data, registered by the services above when Django starts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured

from compliance.approvals.errors import Obstacle
from compliance.approvals.items import Awaited, ItemSet
from compliance.models import Request
from compliance.permissions import Action

Parameters = Mapping[str, Any]
Count = Callable[[str, Parameters, datetime, Callable[[int, int], None]], Mapping[str, int]]
"""Figures of a subject and parameters as of a moment; the last is told how far it is."""
MOST_APPROVERS = 9


def every_subject(_: User) -> frozenset[str] | None:
    """Whoever may see requests may see those of this kind about anything."""
    return None


def _nothing(_: str) -> None:
    """There is nothing to lock."""


@dataclass(frozen=True)
class Kind:
    """One kind of deed that needs a second person.

    `ask` and `approve` are what the matrix must allow whoever asks and whoever approves or refuses.
    `find(subject, parameters, now)` works out the items; it raises Obstacle when there is nothing to do.
    `lock(subject)` takes the row locks that keep the items as they are until the transaction ends; then `find` is
    called again and, if nothing differs, `carry_out(request, now)`, which does the deed in the same transaction and
    returns details for the audit event. What takes long, or happens at Zoom, it leaves to rows that are jobs.
    `subjects(person)` are the subjects whose requests the person may see, None for all.
    `link(subject)` is the address of the subject's page, "" for none.
    `awaits(request, now)` says why it cannot be approved yet, such as figures that are still counted; None when it can.
    `prepare(request, now, anew)` has what it awaits begun, in the transaction of a look at the request, and says whether it
    has; what somebody stopped it begins with `anew` alone, at somebody's wish. `stop(request)` stops that, and says whether
    there was something to stop.
    `before(request, now)` says why it cannot be carried out yet though it has cooled off, and has that looked after, outside
    of any transaction; None when it can. It must come to an end by itself.
    `count(subject, parameters, now, step)` gives the figures where they take longer than a page should: behind the page, by
    a job with progress, without which nobody can approve. Then `find` gives none.
    `typed` is the word an approver has to type, because something becomes destroyable; "" where nothing does.
    `approvers` is how many people must approve it, whoever asked not among them.
    """

    key: str
    name: str
    ask: Action
    approve: Action
    find: Callable[[str, Parameters, datetime], ItemSet]
    carry_out: Callable[[Request, datetime], Mapping[str, Any]]
    means: str
    """What it would mean for the evidence, in a sentence or two."""
    lock: Callable[[str], None] = _nothing
    subjects: Callable[[User], frozenset[str] | None] = every_subject
    link: Callable[[str], str] = lambda _: ""
    typed: str = ""
    expires_after: timedelta = timedelta(days=7)
    cools_off: timedelta = timedelta(hours=24)
    awaits: Callable[[Request, datetime], Awaited | None] = lambda *_: None
    prepare: Callable[[Request, datetime, bool], bool] = lambda *_: False
    stop: Callable[[Request], bool] = lambda _: False
    before: Callable[[Request, datetime], Awaited | None] = lambda *_: None
    count: Count | None = None
    approvers: int = 1


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; called once for each when Django starts."""
    if kind.key in _KINDS:
        raise ImproperlyConfigured(f"Two kinds of request are called {kind.key}.")
    terms(kind)
    _KINDS[kind.key] = kind


def every() -> list[Kind]:
    """The kinds there are, by name."""
    return sorted(_KINDS.values(), key=lambda kind: kind.name)


def known(key: str) -> Kind | None:
    """The kind of that key; None for one that an older or newer release knew."""
    return _KINDS.get(key)


def of(key: str) -> Kind:
    """The kind of that key. Raises Obstacle for one that this release does not know."""
    kind = known(key)
    if kind is None:
        raise Obstacle(
            f"This release does not know requests of the kind “{key}”, so it does nothing with them."
        )
    return kind


def check_terms() -> None:
    """Raise ImproperlyConfigured when HOLDFAST_APPROVAL_TERMS speaks of a kind that there is not."""
    strange = sorted(set(settings.HOLDFAST_APPROVAL_TERMS) - set(_KINDS))
    if strange:
        raise ImproperlyConfigured(
            f"HOLDFAST_APPROVAL_TERMS speaks of {', '.join(strange)}; the kinds are {', '.join(sorted(_KINDS))}."
        )


@dataclass(frozen=True)
class Terms:
    """How long a request of a kind waits for approval, how long it cools off after it, how many must approve it."""

    expires_after: timedelta
    cools_off: timedelta
    approvers: int


def terms(kind: Kind) -> Terms:
    """What HOLDFAST_APPROVAL_TERMS says of the kind (`release-matter=14d/48h`, or `14d/48h/2p` with how many people
    must approve it), otherwise the kind's own.
    """
    given: dict[str, str] = settings.HOLDFAST_APPROVAL_TERMS
    said = given.get(kind.key)
    if said is None:
        return Terms(kind.expires_after, kind.cools_off, kind.approvers)
    days, _, rest = said.partition("/")
    hours, _, people = rest.partition("/")
    people = people or f"{kind.approvers}p"
    is_read = _is_number(days, "d") and _is_number(hours, "h") and _is_number(people, "p")
    if not is_read or int(days[:-1]) == 0 or not 1 <= int(people[:-1]) <= MOST_APPROVERS:
        raise ImproperlyConfigured(
            f"HOLDFAST_APPROVAL_TERMS says {kind.key}={said}; it should read {kind.key}=7d/24h or {kind.key}=7d/24h/2p: "
            f"days to approve in, hours to cool off, people who must approve (1 to {MOST_APPROVERS})."
        )
    return Terms(timedelta(days=int(days[:-1])), timedelta(hours=int(hours[:-1])), int(people[:-1]))


def _is_number(text: str, unit: str) -> bool:
    return text.endswith(unit) and text[:-1].isascii() and text[:-1].isdigit() and len(text) < 6
