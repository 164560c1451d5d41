"""`manage.py verify-package PATH`: what verify.py in the package does, by the copy of it that is installed here."""

import sys

from django.core.management.base import BaseCommand

from archive import verify_package


class Command(BaseCommand):
    """Needs no database; takes the arguments of verify.py (`--help` says which)."""

    help = "Check a package, a folder or its zips. Exit 1 names what is wrong."
    requires_system_checks = ()

    def run_from_argv(self, argv: list[str]) -> None:
        sys.exit(verify_package.main(argv[2:]))
