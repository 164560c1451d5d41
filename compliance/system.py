"""How the system is, a line a part: what it does, whether it is well, and what to do when it is not.

Asks each part itself and never fails because one does not answer: that it does not answer is the line. Reads no message.
"""

import platform
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import metadata

import django
import structlog
from django.conf import settings
from django.db import connection
from django.db.models import Count, Sum
from redis import Redis
from redis.exceptions import RedisError

from archive import installation, log, witnesses
from archive.features import Use
from archive.search import Coverage, SearchError, coverage, watch
from compliance import inert, permissions, told
from compliance.models import Export
from compliance.permissions import Action, Anyone

logger = structlog.get_logger(__name__)

CHECKPOINT_DUE = timedelta(hours=2)
LOW_BYTES = 2_000_000_000
MAIL_WATCHED = timedelta(days=7)


@dataclass(frozen=True)
class Line:
    """One part of the system; `advice` is empty when there is nothing to do."""

    name: str
    state: str
    words: str
    advice: str = ""


@dataclass(frozen=True)
class System:
    """Everything the system page shows."""

    lines: list[Line]
    accounts: list[installation.AccountLine]
    storage: installation.Storage
    checkpoints: list[installation.CheckpointLine]
    indexes: list[watch.Watched]
    versions: list[tuple[str, str]]
    exports: int
    """How many exports have files that lie here."""
    export_bytes: int


def page(*, by: Anyone, now: datetime) -> System:
    """The whole, for who may see the system."""
    permissions.check(Action.SEE_SYSTEM, by=by)
    kept = Export.objects.filter(state=Export.State.READY).aggregate(
        number=Count("pk"), size=Sum("bytes_here")
    )
    return System(
        lines=pulse(now=now),
        accounts=installation.accounts(),
        storage=installation.storage(),
        checkpoints=installation.checkpoints(),
        indexes=watch.watched(now=now),
        versions=versions(),
        exports=kept["number"],
        export_bytes=kept["size"] or 0,
    )


def pulse(*, now: datetime) -> list[Line]:
    """The parts whose health matters from day to day."""
    return [
        *map(_account, installation.accounts()),
        _queue(),
        *_search(now=now),
        _log(now=now),
        *_witnesses(now=now),
        _disk(),
        _mail(now=now),
    ]


def versions() -> list[tuple[str, str]]:
    """What runs here."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (postgres,) = cursor.fetchone()
    return [
        ("Holdfast", _version("holdfast")),
        ("Python", platform.python_version()),
        ("Django", django.get_version()),
        ("Postgres", postgres.split(" ")[0]),
        ("Redis", _redis_version()),
        ("tantivy", _version("tantivy")),
        ("Celery", _version("celery")),
    ]


def _account(account: installation.AccountLine) -> Line:
    name = inert.plain(account.name)
    name = name if "zoom" in name.lower() else f"Zoom account {name}"
    if not account.is_active:
        return Line(name, "unknown", "switched off")
    if account.token_error != "":
        return Line(
            name, "gap", "no token", f"{account.token_error}. Connect it again with the right credentials."
        )
    missing = [one for one in account.grant.of(Use.CAPTURE) if not one.is_granted]
    if len(missing) == 0:
        return Line(name, "complete", "may read all that capture needs")
    words = f"{len(missing)} of {len(account.grant.of(Use.CAPTURE))} parts of capture not allowed"
    return Line(name, "gap", words, account.grant.advice(Use.CAPTURE))


def _queue() -> Line:
    try:
        with Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as redis:
            waiting = int(redis.llen("celery"))
    except (RedisError, OSError) as error:
        logger.warning("redis_does_not_answer", error=type(error).__name__)
        return Line(
            "Queue",
            "gap",
            "Redis does not answer",
            "Nothing is lost, since every job is a row; start Redis and capture goes on by itself.",
        )
    words = {0: "nothing waits", 1: "1 task waits"}.get(waiting, f"{waiting:,} tasks wait")
    if waiting > 1000:
        return Line("Queue", "due", words, "Start a worker, or more of them.")
    return Line("Queue", "complete", words)


def _search(*, now: datetime) -> list[Line]:
    try:
        found = coverage.now()
    except SearchError as error:
        return [Line("Search index", "gap", "not usable", str(error))]
    return [_index(found, now=now), _files(found)]


def _files(found: Coverage) -> Line:
    """What is inside files: read, still to be, or never."""
    if found.unread > 0:
        words = f"{found.unread:,} not read yet"
        return Line("Inside files", "pulling", words, "Nothing, while a worker of the queue `reading` runs.")
    if found.unreadable > 0:
        words = f"all read, {found.unreadable:,} unreadable"
        return Line(
            "Inside files", "complete", words, "`manage.py unreadable` lists them with their reasons."
        )
    return Line("Inside files", "complete", "all read")


def _index(found: Coverage, *, now: datetime) -> Line:
    wrong = watch.alarms(now=now)
    if len(wrong) > 0:
        days = found.days_at_fault
        words = "needs attention"
        if days > 0:
            words = "1 day differs from the record" if days == 1 else f"{days:,} days differ from the record"
        return Line("Search index", "gap", words, " ".join(wrong))
    if found.pending == 0:
        return Line("Search index", "complete", "complete")
    words = f"{found.pending:,} record{'' if found.pending == 1 else 's'} behind"
    if found.waiting_since is not None and now - found.waiting_since > timedelta(minutes=5):
        return Line("Search index", "gap", words, "Start the indexer: `manage.py indexer`.")
    return Line("Search index", "pulling", words)


def _log(*, now: datetime) -> Line:
    size, head = log.size(), log.head()
    if head is None:
        words = "no leaf yet" if size == 0 else f"{size:,} leaves, no checkpoint yet"
        return Line(
            "Log",
            "due" if size else "complete",
            words,
            "The first checkpoint is made within the hour." if size else "",
        )
    behind = size - head.size
    if behind and now - head.made_at > CHECKPOINT_DUE:
        return Line(
            "Log",
            "gap",
            f"{behind:,} leaves not signed",
            "Start beat and a worker: checkpoints are made hourly.",
        )
    return Line("Log", "complete", f"{size:,} leaves, {head.size:,} signed")


def _witnesses(*, now: datetime) -> list[Line]:
    """The places outside that checkpoints go to: what is there cannot be taken back."""
    found = witnesses.standings(now=now)
    if len(found) == 0:
        advice = "Have checkpoints go where the log's owner cannot change them: see the chapter on witnesses in docs/log.md."
        return [Line("Witnesses", "none", "none outside this machine", advice)]
    return [_witness(one) for one in found]


def _witness(one: witnesses.Standing) -> Line:
    name = f"Witness: {one.label.lower()} {inert.plain(one.name)}"
    has = "no checkpoint yet" if one.size is None else f"has the log's first {one.size:,} leaves"
    if one.is_behind:
        advice = f"{one.last_error} It is tried again." if one.last_error else "Start beat and a worker."
        return Line(name, "gap", f"behind, {has}", inert.plain(advice))
    return Line(name, "pulling" if one.size is None else "complete", has)


def _disk() -> Line:
    free, total = installation.room()
    if free is None or not total:
        return Line("Disk", "unknown", "unknown", "The data folder of HOLDFAST_DATA cannot be asked.")
    words = f"{free / 1e9:,.1f} GB free"
    if free < LOW_BYTES:
        return Line("Disk", "gap", words, "Give the data folder more room: capture stops when it is full.")
    return Line("Disk", "complete", words)


def _mail(*, now: datetime) -> Line:
    if not told.is_mail_set_up():
        return Line("Mail", "none", "not set up", "Set EMAIL_URL to have people told by mail as well.")
    failed = told.undelivered(since=now - MAIL_WATCHED)
    if failed > 0:
        words = f"{failed:,} mail{'' if failed == 1 else 's'} not delivered in 7 days"
        return Line(
            "Mail", "gap", words, "Ask the mail server of EMAIL_URL; the lines stand under “For you”."
        )
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        return Line("Mail", "complete", f"written to files in {settings.EMAIL_FILE_PATH}, sent to nobody")
    return Line("Mail", "complete", "set up, nothing undelivered")


def _redis_version() -> str:
    try:
        with Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as redis:
            return str(redis.info("server").get("redis_version", "unknown"))
    except (RedisError, OSError):
        return "does not answer"


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "from source"
