"""The processes of the product, as command lines: the same here, in docker-compose.yml and under any supervisor.

    web      pages and API (gunicorn, threads: replies are streamed)
    worker   does the console's jobs: holds, notices, requests, counts (Celery, two processes)
    capturer pulls from Zoom and fetches files, for hours at first (Celery, two processes with a queue of their own)
    reader   reads inside files (Celery, one process with a queue of its own)
    fetcher  brings zips of legal holds, which may take hours (Celery, one process with a queue of its own)
    exporter measures and makes exports, which may take hours (Celery, one process with a queue of its own)
    beat     nudges what is due, every minute
    indexer  follows the log into the search index
    sandbox  the demo's pretend Zoom
None of them writes an access log: addresses hold search words.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from standalone.processes import Program, module

WORKER_PROCESSES = 2
AS_ROOT = "ignore:You're running the worker with superuser privileges"  # `up` as root is meant; say it once


def product(*, root: Path, bind: str, environment: Mapping[str, str], data: Path) -> list[Program]:
    """What runs besides the servers, in the order in which it starts."""
    here = {**environment, "PYTHONPATH": str(root), "PYTHONUNBUFFERED": "1"}
    celery = ["celery", "--quiet", "-A", "compliance.celery:app", "--workdir", str(root)]
    web = module("gunicorn", "--config", "python:standalone.web", "--bind", bind, "--chdir", str(root))
    web.append("compliance.wsgi:application")
    worker = [*celery, "worker", "--pool", "prefork", "--concurrency", str(WORKER_PROCESSES)]
    worker += ["--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
    capturer = [
        *celery,
        "worker",
        "--queues",
        "capture",
        "--pool",
        "prefork",
        "--concurrency",
        str(WORKER_PROCESSES),
    ]
    capturer += ["--hostname", "capturer@%h", "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
    reader = [*celery, "worker", "--queues", "reading", "--pool", "prefork", "--concurrency", "1"]
    reader += ["--hostname", "reader@%h", "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
    fetcher = [*celery, "worker", "--queues", "holds", "--pool", "prefork", "--concurrency", "1"]
    fetcher += ["--hostname", "fetcher@%h", "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
    exporter = [*celery, "worker", "--queues", "exports", "--pool", "prefork", "--concurrency", "1"]
    exporter += ["--hostname", "exporter@%h", "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
    beat = [
        *celery,
        "beat",
        "--schedule",
        str(data / "beat-schedule"),
        "--pidfile",
        "",
        "--loglevel",
        "WARNING",
    ]
    return [
        Program("web", web, here, grace_seconds=15.0),
        Program("worker", module(*worker), {**here, "PYTHONWARNINGS": AS_ROOT}, grace_seconds=8.0),
        Program("capturer", module(*capturer), {**here, "PYTHONWARNINGS": AS_ROOT}, grace_seconds=8.0),
        Program("reader", module(*reader), {**here, "PYTHONWARNINGS": AS_ROOT}, grace_seconds=8.0),
        Program("fetcher", module(*fetcher), {**here, "PYTHONWARNINGS": AS_ROOT}, grace_seconds=8.0),
        Program("exporter", module(*exporter), {**here, "PYTHONWARNINGS": AS_ROOT}, grace_seconds=8.0),
        Program("beat", module(*beat), here, grace_seconds=5.0),
        Program("indexer", manage(root, "indexer"), here, grace_seconds=8.0),
    ]


def sandbox(*, root: Path, port: int, scenario: str, state: Path, environment: Mapping[str, str]) -> Program:
    """The pretend Zoom of the demo, on the loopback; `state` lets a restart continue the same world."""
    argv = module("sandbox", "--host", "127.0.0.1", "--port", str(port), "--scenario", scenario)
    argv += ["--state", str(state)]
    here = {**environment, "PYTHONPATH": str(root), "PYTHONUNBUFFERED": "1"}
    return Program("sandbox", argv, here, grace_seconds=5.0)


def manage(root: Path, *arguments: str) -> list[str]:
    """A `manage.py` command under this very interpreter."""
    return [sys.executable, str(root / "manage.py"), *arguments]
