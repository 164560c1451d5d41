"""What Zoom's zips for some of its legal-hold matters are and how they stand: a reader for pages.

Plain frozen values, a constant number of queries, nothing changed. What is not known is None and never zero. Sizes are
bytes, moments UTC. Names inside zips are strangers' words: show them inert, and only to those who may read messages.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet, Sum

from archive.capture import holds, windows
from archive.extraction.outcomes import SENTENCES, Reason
from archive.models import HoldCustodian, HoldEntry, HoldFile

PAGE_SIZE = 50
ENTRIES = 100
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Moving:
    """A zip that is being brought: bytes here and in all, bytes a second, seconds left."""

    done: int
    total: int | None
    per_second: int | None
    seconds_left: int | None

    @property
    def time_left(self) -> str:
        """In words; empty when it cannot be told."""
        if self.seconds_left is None:
            return ""
        if self.seconds_left < 90:
            return f"{self.seconds_left} second{'' if self.seconds_left == 1 else 's'}"
        minutes = round(self.seconds_left / 60)
        return f"{minutes} minutes" if minutes < 120 else f"{round(minutes / 60)} hours"

    @property
    def share(self) -> float | None:
        """0 to 1."""
        return None if not self.total else min(1.0, self.done / self.total)


@dataclass(frozen=True, slots=True)
class Zip:
    """One version of one zip; `state` and `opening` are those of docs/hold-files.md, `sentence` says what is wrong."""

    id: int
    zoom_matter_id: str
    person_id: int | None
    identifier: str
    email: str
    first_day: date | None
    last_day: date | None
    version: int
    is_newest: bool
    state: str
    state_words: str
    opening: str
    opening_words: str
    sentence: str
    size_claimed: int | None
    size: int | None
    """Of what is here; None: nothing is."""
    files_claimed: int | None
    files_found: int | None
    messages_found: int | None
    unreported: int | None
    """Messages in the zip that Zoom's reports did not give."""
    destroyed: int | None
    """Messages in the zip that were destroyed here under a disposition."""
    reported: int | None
    """Messages of the same person and days that reports gave."""
    sha256: str
    moving: Moving | None
    stored_at: datetime | None
    seen_at: datetime
    retry_at: datetime | None

    @property
    def not_in_zip(self) -> int | None:
        """Messages that reports gave and the zip does not have."""
        if self.reported is None or self.messages_found is None or self.unreported is None:
            return None
        return max(0, self.reported - (self.messages_found - self.unreported))


@dataclass(frozen=True, slots=True)
class Listing:
    """A custodian of a matter at Zoom, and how listing their zips goes."""

    zoom_matter_id: str
    person_id: int | None
    identifier: str
    email: str
    state: str
    sentence: str
    listed_at: datetime | None
    next_at: datetime | None
    ended_at: datetime | None
    zips: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Zips, newest versions only, by state; every state, zeros too."""

    states: dict[str, int]
    openings: dict[str, int]
    bytes_here: int
    bytes_to_come: int | None
    """As Zoom says; None when it does not for some of them."""
    unreported: int | None
    """Messages in zips that no report gave, of those zips that could be compared; None: none could."""
    compared: int
    custodians: int
    custodians_wrong: int
    """Whom Zoom does not know, or whose zips could not be listed."""
    listed_at: datetime | None
    """When the one listed longest ago was listed; None while somebody never was."""

    @property
    def total(self) -> int:
        return sum(self.states.values())


@dataclass(frozen=True, slots=True)
class Entry:
    """One file inside a zip; `reason` is a sentence, empty when it was read as a whole."""

    number: int
    name: str
    size: int | None
    kind: str
    state: str
    reason: str
    messages: int | None
    sha256: str


def expect(*, account_id: int, zoom_matter_id: str, people: Iterable[tuple[str, str]], now: datetime) -> None:
    """A matter was just created at Zoom for these people: their zips are listed without waiting a day.

    Each is what Zoom knows them by, a user id or an e-mail, and their e-mail where one is known.
    """
    holds.expect(account_id=account_id, matter_id=zoom_matter_id, people=people, now=now)


def summary(zoom_matter_ids: Collection[str], *, account_id: int) -> Summary:
    """The zips of these matters in a few figures."""
    rows = _rows(zoom_matter_ids, account_id).filter(is_newest=True)
    states = dict.fromkeys(HoldFile.State.values, 0)
    openings = dict.fromkeys((str(value) for value in HoldFile.Opening.values), 0)
    for state, opening, count in rows.order_by().values_list("state", "opening").annotate(count=Count("pk")):
        states[state] += count
        openings[opening] += count
    to_come = Q(state__in=(HoldFile.State.DUE, HoldFile.State.CLAIMED, HoldFile.State.FAILED))
    sums = rows.aggregate(
        here=Sum("blob__size_bytes", default=0),
        to_come=Sum("size_bytes_claimed", filter=to_come, default=0),
        done=Sum("bytes_done", filter=to_come, default=0),
        unknown=Count("pk", filter=to_come & Q(size_bytes_claimed=None)),
        unreported=Sum("messages_unreported"),
        compared=Count("messages_unreported"),
    )
    people = _custodians(zoom_matter_ids, account_id)
    wrong = Q(state__in=(HoldCustodian.State.GONE, HoldCustodian.State.FAILED))
    counted = people.aggregate(
        count=Count("pk"),
        wrong=Count("pk", filter=wrong),
        unlisted=Count("pk", filter=Q(listed_at=None)),
    )
    oldest = people.order_by("listed_at").values_list("listed_at", flat=True).first()
    return Summary(
        states=states,
        openings=openings,
        bytes_here=sums["here"],
        bytes_to_come=None if sums["unknown"] > 0 else max(0, sums["to_come"] - sums["done"]),
        unreported=sums["unreported"],
        compared=sums["compared"],
        custodians=counted["count"],
        custodians_wrong=counted["wrong"],
        listed_at=None if counted["unlisted"] > 0 else oldest,
    )


def files(
    zoom_matter_ids: Collection[str], *, account_id: int, after: int = 0, limit: int = PAGE_SIZE
) -> tuple[list[Zip], int | None]:
    """A page of the zips of these matters, in the order in which Zoom first listed them, and the key of the next."""
    rows = _rows(zoom_matter_ids, account_id).filter(pk__gt=after).order_by("pk")
    found = list(rows.select_related("custodian", "blob")[: limit + 1])
    return [_zip(row) for row in found[:limit]], found[limit - 1].pk if len(found) > limit else None


def moving(zoom_matter_ids: Collection[str], *, account_id: int) -> list[Zip]:
    """The zips that are being brought now."""
    rows = _rows(zoom_matter_ids, account_id).filter(state=HoldFile.State.CLAIMED).order_by("pk")
    return [_zip(row) for row in rows.select_related("custodian", "blob")]


def one(zip_id: int, zoom_matter_ids: Collection[str], *, account_id: int) -> Zip | None:
    """A zip of these matters; None when it is none of theirs."""
    rows = _rows(zoom_matter_ids, account_id).filter(pk=zip_id)
    row = rows.select_related("custodian", "blob").first()
    return None if row is None else _zip(row)


def some(zip_ids: Collection[int], *, account_id: int) -> list[Zip]:
    """These zips."""
    rows = HoldFile.objects.filter(custodian__account_id=account_id, pk__in=list(zip_ids))
    return [_zip(row) for row in rows.select_related("custodian", "blob").order_by("pk")]


def listings(zoom_matter_ids: Collection[str], *, account_id: int) -> list[Listing]:
    """Every custodian of these matters, and how listing their zips goes."""
    rows = _custodians(zoom_matter_ids, account_id).annotate(
        zips=Count("files", filter=Q(files__is_newest=True))
    )
    return [
        Listing(
            zoom_matter_id=row.zoom_matter_id,
            person_id=row.person_id,
            identifier=row.identifier,
            email=row.email,
            state=row.state,
            sentence=row.last_error,
            listed_at=row.listed_at,
            next_at=_retry(row.not_before),
            ended_at=row.ended_at,
            zips=row.zips,
        )
        for row in rows.order_by("pk")
    ]


def entries(zip_id: int, *, after: int = -1, limit: int = ENTRIES) -> tuple[list[Entry], int | None]:
    """A page of what is inside a zip, in its own order, and the number after which the next one begins.

    Names of files are said in the messages they came with: ask `permissions` first who may read those.
    """
    rows = HoldEntry.objects.filter(hold_file_id=zip_id, number__gt=after).order_by("number")
    columns = ("number", "name", "size_bytes", "kind", "state", "reason", "messages", "sha256")
    found = list(_entries(rows.values_list(*columns)[: limit + 1]))
    return found[:limit], found[limit - 1].number if len(found) > limit else None


def _entries(
    rows: Iterable[tuple[int, str, int | None, str, str, str, int | None, object]],
) -> Iterator[Entry]:
    for number, name, size, kind, state, reason, messages, sha256 in rows:
        sentence = SENTENCES[Reason(reason)] if reason != "" else ""
        digest = "" if sha256 is None else bytes(sha256).hex()  # type: ignore[call-overload]
        yield Entry(number, name, size, kind, state, sentence, messages, digest)


def _rows(zoom_matter_ids: Collection[str], account_id: int) -> QuerySet[HoldFile]:
    ids = list(zoom_matter_ids)
    return HoldFile.objects.filter(custodian__account_id=account_id, custodian__zoom_matter_id__in=ids)


def _custodians(zoom_matter_ids: Collection[str], account_id: int) -> QuerySet[HoldCustodian]:
    return HoldCustodian.objects.filter(account_id=account_id, zoom_matter_id__in=list(zoom_matter_ids))


def _zip(row: HoldFile) -> Zip:
    sentences = [one for one in (row.last_error, row.opening_error) if one != ""]
    return Zip(
        id=row.pk,
        zoom_matter_id=row.custodian.zoom_matter_id,
        person_id=row.custodian.person_id,
        identifier=row.custodian.identifier,
        email=row.custodian.email,
        first_day=row.first_day,
        last_day=row.last_day,
        version=row.version,
        is_newest=row.is_newest,
        state=row.state,
        state_words=row.get_state_display(),
        opening=row.opening,
        opening_words=row.get_opening_display(),
        sentence=" ".join(sentences),
        size_claimed=row.size_bytes_claimed,
        size=None if row.blob is None else row.blob.size_bytes,
        files_claimed=row.files_claimed,
        files_found=row.files_found,
        messages_found=row.messages_found,
        unreported=row.messages_unreported,
        destroyed=row.messages_destroyed,
        reported=row.messages_reported,
        sha256="" if row.blob is None else bytes(row.blob.sha256).hex(),
        moving=_moving(row),
        stored_at=row.stored_at,
        seen_at=row.seen_at,
        retry_at=_retry(row.not_before) if row.state in _TRIED_AGAIN else None,
    )


_TRIED_AGAIN = (HoldFile.State.GONE, HoldFile.State.FAILED, HoldFile.State.MISMATCH)


def _moving(row: HoldFile) -> Moving | None:
    """How a download goes, by what its row says; the rate is that of this attempt, from its first bytes on."""
    if row.state != HoldFile.State.CLAIMED:
        return None
    rate, left = None, None
    if row.claimed_at is not None and row.begun_at is not None and row.claimed_at > row.begun_at:
        rate = round((row.bytes_done - row.begun_at_bytes) / ((row.claimed_at - row.begun_at) / _SECOND))
    if rate is not None and rate > 0 and row.size_bytes_claimed is not None:
        left = round(max(0, row.size_bytes_claimed - row.bytes_done) / rate)
    return Moving(row.bytes_done, row.size_bytes_claimed, rate, left)


def _retry(not_before: datetime) -> datetime | None:
    return None if not_before >= windows.NEVER else not_before
