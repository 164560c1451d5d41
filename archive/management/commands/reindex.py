"""`manage.py reindex`: build the search index anew beside the one in use, then swap."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from archive.search import rebuild
from archive.search.errors import SearchError


class Command(BaseCommand):
    help = "Build the search index anew beside the one in use, then swap."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            complete_to = rebuild.reindex(clock=timezone.now, progress=self._show)
        except SearchError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The search index is complete to leaf {complete_to:,}.")

    def _show(self, done: int, total: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done:,} of {total:,} leaves", ending="" if done < total else "\n")
