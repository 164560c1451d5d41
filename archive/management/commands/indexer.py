"""`manage.py indexer`: keep the search index up with the log and true, for ever or with --once to the log's end."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from archive import collecting
from archive.search import upkeep
from archive.search.errors import SearchError


class Command(BaseCommand):
    help = "Keep the search index up with the log."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="stop when the log's end is reached")

    def run_from_argv(self, argv: list[str]) -> None:
        """As a program: what holds for the whole process is not set for one that calls the command and goes on."""
        collecting.seldom()
        super().run_from_argv(argv)

    def handle(self, *_args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        try:
            upkeep.run(stop=stop, clock=timezone.now, once=options["once"])
        except SearchError as error:
            raise CommandError(str(error)) from error
