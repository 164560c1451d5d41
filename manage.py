#!/usr/bin/env python
"""Holdfast's commands: `python manage.py help`.

Without DATABASE_URL and REDIS_URL a command uses the servers of its data folder, starting them when they are not
up (see `standalone`). `migrate` runs as the owner of the tables: it takes DATABASE_OWNER_URL for DATABASE_URL.
"""

import io
import os
import sys

from standalone import problems, servers


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "compliance.settings")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what a terminal cannot show is spelled out, never a crash
            stream.reconfigure(errors="backslashreplace")
    try:
        servers.ensure(sys.argv)
    except problems.CannotStart as problem:
        print(problem, file=sys.stderr)
        sys.exit(2)
    if sys.argv[1:2] == ["migrate"] and os.environ.get("DATABASE_OWNER_URL"):
        os.environ["DATABASE_URL"] = os.environ["DATABASE_OWNER_URL"]
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
