"""What machines ask: is the process alive, is it ready to serve, and what are its figures.

`/healthz` touches nothing. `/readyz` asks the database and Redis and names what does not answer, without details that
would help an intruder. `/metrics` needs the token of HOLDFAST_METRICS_TOKEN, or a person who may see the system.
"""

import structlog
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis.exceptions import RedisError

logger = structlog.get_logger(__name__)


@login_not_required
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain")


@login_not_required
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database and Redis answer, else 503; either way which."""
    answers = {"database": _database_answers(), "redis": _redis_answers()}
    return JsonResponse(answers, status=200 if all(answers.values()) else 503)


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
