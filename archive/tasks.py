"""What Celery runs for the archive. Each task is a nudge: it may run twice, late, or twice at once."""

from celery import shared_task
from django.utils import timezone

from archive import log


@shared_task(ignore_result=True)
def checkpoint_log(**_: object) -> None:
    """Sign the log as it is. Hourly; an error is beat's to log and the next hour's to meet again."""
    log.checkpoint(now=timezone.now())
