#!/usr/bin/env python
"""Holdfast's commands: `python manage.py help`.

Without DATABASE_URL and REDIS_URL a command uses the servers of its data folder, starting them when they are not
up (see `standalone`). `migrate` and `wipe` run as the owner of the tables: they take DATABASE_OWNER_URL for DATABASE_URL.
"""

import io
import os
import select
import signal
import sys

from archive import collecting
from standalone import problems, servers


def main() -> None:
    collecting.seldom()  # what is imported stays: looking through it again and again takes a tenth of a command's start
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "compliance.settings")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what a terminal cannot show is spelled out, never a crash
            stream.reconfigure(errors="backslashreplace")
    try:
        servers.ensure(sys.argv)
    except problems.CannotStart as problem:
        print(problem, file=sys.stderr)
        sys.exit(2)
    if sys.argv[1:2] in (["migrate"], ["wipe"]) and os.environ.get("DATABASE_OWNER_URL"):
        os.environ["DATABASE_URL"] = os.environ["DATABASE_OWNER_URL"]
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        execute_from_command_line(sys.argv)
        sys.stdout.flush()
    except OperationalError as error:
        if not _is_away(error):
            raise
        print(f"The database cannot be reached, or broke off: {error}".rstrip(), file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        _leave_if_nobody_reads()
        raise


def _is_away(error: Exception) -> bool:
    """Whether it is about the connection: made, lost (SQLSTATE 08) or ended by the server (57P), not about a statement."""
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(("08", "57P"))


def _leave_if_nobody_reads() -> None:
    """End as other programs do when a reader such as `head` has seen enough."""
    poll = select.poll()
    poll.register(sys.stdout.fileno(), select.POLLOUT)
    if any(event & select.POLLERR for _, event in poll.poll(0)):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(128 + signal.SIGPIPE)


if __name__ == "__main__":
    main()
