"""`manage.py wipe`: have the database write anew the files that destroyed words may still lie in.

Runs as the owner of the tables (DATABASE_OWNER_URL). Each table is locked while it is written: choose a quiet hour.
Transactions that began before are waited for; when one does not end in time nothing is done, and it is named.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from archive import wiping


class Command(BaseCommand):
    help = "Write the database's files anew, so that nothing destroyed is left in their bytes. Locks table by table."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--wait",
            type=float,
            default=10,
            metavar="MINUTES",
            help="for older transactions to end (default 10)",
        )

    def handle(self, *_args: Any, wait: float, **_options: Any) -> None:
        with connection.cursor() as cursor:
            try:
                wiping.wipe(
                    cursor,
                    server_version=cursor.connection.info.server_version,
                    told=self.stdout.write,
                    patience_seconds=wait * 60,
                )
            except wiping.StillSeen as error:
                raise CommandError(str(error)) from error
        self.stdout.write("Nothing that was destroyed is in the files of these tables any more.")
