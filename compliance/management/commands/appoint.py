"""`manage.py appoint`: make a person or change their roles, from the command line."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from compliance import people
from compliance.permissions import Role

ROLES = {role.name.lower().replace("_", "-"): role for role in Role}


class Command(BaseCommand):
    help = "Make a person or change their roles. The password is read from standard input, never from an argument."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="Full name, as the audit trail will call them.")
        parser.add_argument("--email", default="")
        parser.add_argument(
            "--role", action="append", default=[], choices=sorted(ROLES), help="May be repeated."
        )
        parser.add_argument("--no-password", action="store_true", help="Leave the password as it is.")

    def handle(self, *_: Any, **options: Any) -> None:
        password = (
            None if options["no_password"] else getpass.getpass(f"Password for {options['username']}: ")
        )
        person = people.appoint(
            username=options["username"],
            email=options["email"],
            full_name=options["name"],
            roles=[ROLES[name] for name in options["role"]],
            password=password,
            by=None,
            now=timezone.now(),
        )
        roles = ", ".join(person.groups.values_list("name", flat=True)) or "no role"
        self.stdout.write(f"{person.username} has {roles}.")
