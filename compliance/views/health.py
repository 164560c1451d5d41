"""What machines ask: is the process alive, is it ready to serve, and what are its figures.

`/healthz` touches nothing. `/readyz` asks the database and Redis and names what does not answer, without details that
would help an intruder. `/metrics` needs the token of HOLDFAST_METRICS_TOKEN, or a person who may see the system.
"""

import hmac
from datetime import datetime

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from redis.exceptions import RedisError

from archive import completeness, log
from archive.search import SearchError, coverage, watch
from compliance import health, permissions

logger = structlog.get_logger(__name__)


@login_not_required
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain")


@login_not_required
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database and Redis answer, else 503; either way which."""
    answers = {"database": _database_answers(), "redis": _redis_answers()}
    return JsonResponse(answers, status=200 if all(answers.values()) else 503)


@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """The archive's figures in Prometheus' text format, computed from rows when asked."""
    if not _may_see_metrics(request):
        raise PermissionDenied("Give the token of HOLDFAST_METRICS_TOKEN as a bearer token.")
    return HttpResponse(generate_latest(_figures()), content_type=CONTENT_TYPE_LATEST)


def _may_see_metrics(request: HttpRequest) -> bool:
    token = settings.HOLDFAST_METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    return permissions.can(permissions.Action.SEE_SYSTEM, by=request.user)


def _figures() -> CollectorRegistry:
    registry = CollectorRegistry()
    summary = completeness.summary(now=timezone.now())
    head = log.head()
    figures: list[tuple[str, str, float | None]] = [
        ("accounts", "Active Zoom accounts.", summary.accounts),
        ("gaps", "Windows not proven complete.", summary.gaps),
        ("gaps_lost", "Gaps that Zoom can no longer close.", summary.lost),
        ("cliff_windows", "Windows not captured that fall off Zoom within 14 days.", summary.cliff.windows),
        ("files_missing", "Files not here that may still come.", summary.files.missing),
        (
            "complete_to_seconds",
            "Everything sent before this Unix time is here.",
            _seconds(summary.complete_to),
        ),
        *_index_figures(),
        *_hold_figures(),
        ("log_leaves", "Leaves of the log.", log.size()),
        ("log_leaves_signed", "Leaves under the newest checkpoint.", None if head is None else head.size),
    ]
    for name, meaning, value in figures:
        if value is not None:  # what is unknown is left out: a zero would be a claim
            Gauge(f"holdfast_{name}", meaning, registry=registry).set(value)
    windows = Gauge("holdfast_windows", "Windows by state.", ["state"], registry=registry)
    for state, count in summary.windows.items():
        windows.labels(state).set(count)
    return registry


def _index_figures() -> list[tuple[str, str, float | None]]:
    """Of the index of this host, and of the watch over all of them."""
    now = timezone.now()
    try:
        pending: int | None = coverage.now().pending
    except SearchError:
        pending = None
    found = watch.watched(now=now)
    return [
        ("index_usable", "1 when the search index of this host answers.", 0 if pending is None else 1),
        ("index_pending", "Records stored and not yet in this host's index.", pending),
        ("index_alarms", "What is wrong with any search index.", sum(len(one.alarms) for one in found)),
        (
            "index_days_at_fault",
            "Days on which an index differs from the record.",
            sum(one.days_at_fault for one in found),
        ),
        (
            "index_days_healed",
            "Days indexed anew because they differed.",
            sum(one.days_healed for one in found),
        ),
    ]


def _hold_figures() -> list[tuple[str, str, float | None]]:
    """Of the holds of all matters."""
    found = health.standing(now=timezone.now())
    return [
        ("matters_active", "Matters that hold something.", found.active),
        ("matters_unhealthy", "Matters with something that defeats a hold.", found.unhealthy),
        ("hold_findings", "Findings of hold health that nobody has dealt with.", found.findings),
        ("matters_health_unknown", "Active matters whose health is not known now.", found.unknown),
    ]


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        logger.warning("database_does_not_answer", error=type(error).__name__)
        return False
    return True


def _redis_answers() -> bool:
    try:
        cache.get("ready")
    except (RedisError, OSError) as error:
        logger.warning("redis_does_not_answer", error=type(error).__name__)
        return False
    return True
