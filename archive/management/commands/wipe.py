"""`manage.py wipe`: have the database write anew the files that destroyed words may still lie in.

Runs as the owner of the tables (DATABASE_OWNER_URL). Each table is locked while it is written: choose a quiet hour.
"""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from archive import wiping


class Command(BaseCommand):
    help = "Write the database's files anew, so that nothing destroyed is left in their bytes. Locks table by table."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        with connection.cursor() as cursor:
            wiping.wipe(
                cursor.execute,
                server_version=connection.cursor().connection.info.server_version,
                told=self.stdout.write,
            )
        self.stdout.write("Nothing that was destroyed is in the files of these tables any more.")
