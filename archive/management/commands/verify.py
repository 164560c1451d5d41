"""`manage.py verify`: derive the whole archive again from its bytes and name the first thing that is wrong.

Exit status 0: everything agrees. 1: something does not; every problem is a sentence on standard output.
"""

import json
import sys
import time
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive import inspection


class Command(BaseCommand):
    help = "Check the whole record: log, signatures, rows, blobs, counts, search index. Exit 1 names what is wrong."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

        parser.add_argument(
            "--checkpoint",
            action="append",
            default=[],
            metavar="FILE",
            help="a signed note that was kept elsewhere, compared with the log; - reads standard input; several times",
        )

    def handle(self, *_: Any, json: bool, checkpoint: list[str], **__: Any) -> None:
        findings = inspection.inspect(progress=_progress, notes=[_read(name) for name in checkpoint])
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")
        self.stdout.write(_as_json(findings) if json else _as_text(findings))
        if findings.counted > 0:
            sys.exit(1)


def _read(name: str) -> tuple[str, str]:
    """A note by its name, and its text; what mail programs and editors do to the ends of lines is undone."""
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from error
    text = raw.decode("utf-8", "replace").replace("\r\n", "\n")
    return "standard input" if name == "-" else name, text.strip("\ufeff\n ") + "\n"


_shown_at = 0.0


def _progress(what: str, done: int, total: int) -> None:
    """A line that moves on a terminal, five times a second; nothing elsewhere."""
    global _shown_at
    if sys.stderr.isatty() and (time.monotonic() - _shown_at > 0.2 or done == total):
        _shown_at = time.monotonic()
        sys.stderr.write(f"\r\x1b[K{what}: {done:,} of {total:,}")
        sys.stderr.flush()


def _as_json(findings: inspection.Findings) -> str:
    problems = [asdict(problem) for problem in findings.problems]
    return json.dumps(
        {"ok": findings.counted == 0, "problems": problems, "counted": findings.counted}
        | {"figures": findings.figures}
    )


def _as_text(findings: inspection.Findings) -> str:
    lines = [str(problem) for problem in findings.problems]
    if findings.counted > len(lines):
        lines.append(f"... and {findings.counted - len(lines):,} more.")
    lines.append(", ".join(f"{number:,} {figure}" for figure, number in findings.figures.items()))
    if findings.counted == 0:
        return "\n".join([*lines, "Everything agrees."])
    first = findings.problems[0]
    return "\n".join([*lines, f"NOT AS IT MUST BE: {findings.counted:,} problems. The first: {first}"])
