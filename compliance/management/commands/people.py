"""`manage.py people`: what only the owner of the machine may do about people.

people factors ada --reason WHY    take off the second factors of somebody who lost them all

An administrator does it in the console, for somebody else. If the only administrator has lost every factor nobody can;
whoever owns the data folder (or is root) can, with a reason, which is recorded and told to every other officer.
"""

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from compliance import people


class Command(BaseCommand):
    help = "Take off the second factors of somebody who lost them, as the owner of this machine; recorded and told."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("do", choices=["factors"])
        parser.add_argument("username", help="The sign-in name of whoever lost their factors.")
        parser.add_argument("--reason", default="", help="Why; it is recorded and told.")

    def handle(self, *_: Any, **options: Any) -> None:
        _check_owner()
        try:
            person = people.take_factors_at_the_machine(
                username=options["username"], reason=options["reason"], now=timezone.now()
            )
        except people.NotThere as error:
            raise CommandError(f"There is nobody of the sign-in name {options['username']!r}.") from error
        except people.Obstacle as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{person.username} has no second factor any more and is signed out everywhere. They sign in with their "
            "password and set up a new one. Every other officer was told."
        )


def _check_owner() -> None:
    """A way into the database alone is not enough: the folder with the keys must be one's own. Raises CommandError."""
    folder = settings.HOLDFAST_DATA
    owner = folder.stat().st_uid if folder.exists() else None
    if os.geteuid() not in (0, owner):
        raise CommandError("Only the owner of the data folder, or root, may do this. Run it as that user.")
