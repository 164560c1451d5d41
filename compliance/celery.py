"""The Celery application. A message is only a nudge: every job is a row (see docs/architecture.md)."""

import os
import signal
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

from archive import collecting
from standalone import tether

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "compliance.settings")

app = Celery("holdfast")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def end_with_the_worker(**_: Any) -> None:
    """A pool process would outlive a worker killed with -9 and go on writing; the kernel now ends it too."""
    tether.end_with_parent(signal.SIGKILL)
    collecting.seldom()
