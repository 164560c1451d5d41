"""`manage.py extract`: read what is inside files now, in the foreground, until nothing is due."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from archive.capture import comparing, openings, reading


class Command(BaseCommand):
    help = "Read what is inside the files that are due; a worker does the same by itself."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--again", action="store_true", help="Read every file anew.")
        parser.add_argument(
            "--unreadable", action="store_true", help="Try those again that were not read whole."
        )

    def handle(self, *_: Any, **options: Any) -> None:
        if options["again"] or options["unreadable"]:
            reading.again(now=timezone.now(), only_unreadable=not options["again"])
        done = reading.work(clock=timezone.now)
        opened = openings.work(clock=timezone.now)
        comparing.work(clock=timezone.now)
        self.stdout.write(f"{done:,} file{'' if done == 1 else 's'} read.")
        if opened > 0:
            self.stdout.write(f"{opened:,} zip{'' if opened == 1 else 's'} of legal holds opened.")
