"""A crew of programs that belong together: started in order, kept alive, stopped in reverse order.

Promises: a program that dies is started again, at once and then after 1, 2, 4, 8, 10 seconds, and it is said;
what a program prints goes to the terminal line by line behind its name, or to its own log; `stop` leaves
nothing of a program's process group behind; none outlives us, even when we are killed with -9 (see `tether`).

It must run in the main thread and stay there: the kernel ties a child to the thread that started it, not to
the process. So one loop does everything (`tend`), without threads.
"""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from standalone import tether
from standalone.folder import Account

LONGEST_PAUSE_SECONDS = 10.0
STEADY_SECONDS = 10.0  # one that ran so long did start: it starts again with the shortest pause
LINE_BYTES = 64 * 1024


@dataclass(frozen=True)
class Program:
    """One program of the crew and how to treat it."""

    name: str
    argv: list[str]
    environment: Mapping[str, str]
    log: Path | None = None  # None: to the terminal, behind its name
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL
    grace_seconds: float = 20.0
    before_start: Callable[[], None] | None = None


@dataclass
class _Member:
    program: Program
    child: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    pause_seconds: float = 0.0
    unfinished: bytearray = field(default_factory=bytearray)


class Crew:
    """The running programs; `say(name, line)` gets what is to be shown."""

    def __init__(self, *, say: Callable[[str, str], None]) -> None:
        self._say = say
        self._members: list[_Member] = []
        self._passing: list[_Member] = []
        self._hurried = False
        self._failures = 0
        self._selector = selectors.DefaultSelector()

    def start(self, program: Program) -> None:
        """Start one more program, after those before it."""
        member = _Member(program)
        self._members.append(member)
        self._launch(member)

    def run(self, program: Program) -> int:
        """Run a program that ends by itself, with its output passed on; its exit status."""
        member = _Member(program)
        self._passing.append(member)
        self._launch(member)
        assert member.child is not None
        while (status := member.child.poll()) is None:
            self._pass_on(timeout=0.05)
        self._bury(member)
        self._passing.remove(member)
        return status

    def hurry(self) -> None:
        """Give the programs that are being stopped no more time."""
        self._hurried = True

    def pid(self, name: str) -> int | None:
        """The process id of a program, None while it is down."""
        for member in self._members:
            if member.program.name == name and member.child is not None and member.child.poll() is None:
                return member.child.pid
        return None

    def failures(self) -> int:
        """How often programs ended that should not have."""
        return self._failures

    def tend(self, *, seconds: float) -> None:
        """Pass on what is printed and start the dead again, for about so long."""
        until = time.monotonic() + seconds
        while True:
            self._pass_on(timeout=max(0.0, min(0.2, until - time.monotonic())))
            for member in self._members:
                self._revive(member)
            if time.monotonic() >= until:
                return

    def stop(self) -> None:
        """Stop all, the last started first: ask, wait for its grace, then kill what is left of its group."""
        for member in reversed([*self._members, *self._passing]):
            if member.child is None:
                continue
            self._say(member.program.name, "stopping")
            with suppress(ProcessLookupError):
                member.child.send_signal(member.program.stop_signal)
            until = time.monotonic() + member.program.grace_seconds
            while member.child.poll() is None and time.monotonic() < until and not self._hurried:
                self._pass_on(timeout=0.05)
            if member.child.poll() is None:
                self._say(member.program.name, "did not stop in time: killed")
            self._bury(member)
        self._members.clear()
        self._passing.clear()

    def _launch(self, member: _Member) -> None:
        program = member.program
        if program.before_start is not None:
            program.before_start()
        account = program.account
        argv = tether.command(
            program.argv,
            orphan_signal=program.orphan_signal,
            uid=None if account is None else account.uid,
            gid=None if account is None else account.gid,
        )
        output = subprocess.PIPE if program.log is None else _open_log(program.log)
        member.child = subprocess.Popen(
            argv,
            env=dict(program.environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C in the terminal is ours; we stop them in order
        )
        if program.log is not None:
            os.close(output)
        else:
            assert member.child.stdout is not None
            os.set_blocking(member.child.stdout.fileno(), False)
            self._selector.register(member.child.stdout, selectors.EVENT_READ, member)
        member.started_at = time.monotonic()

    def _revive(self, member: _Member) -> None:
        now = time.monotonic()
        if member.child is not None and (status := member.child.poll()) is not None:
            self._bury(member)
            self._failures += 1
            if now - member.started_at > STEADY_SECONDS:
                member.pause_seconds = 0.0
            member.start_again_at = now + member.pause_seconds
            again = f"in {member.pause_seconds:.0f} s" if member.pause_seconds else "at once"
            self._say(member.program.name, f"{_ended(status)}; starts again {again}")
            member.pause_seconds = min(LONGEST_PAUSE_SECONDS, max(1.0, member.pause_seconds * 2))
        if member.child is None and now >= member.start_again_at:
            self._launch(member)

    def _bury(self, member: _Member) -> None:
        """Kill what is left of the group, read the last words, and let go of the child."""
        child = member.child
        assert child is not None
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        if child.stdout is not None:
            while self._read(member):
                pass
            with suppress(KeyError):
                self._selector.unregister(child.stdout)
            child.stdout.close()
            if member.unfinished:
                self._say(member.program.name, member.unfinished.decode(errors="replace"))
                member.unfinished.clear()
        member.child = None

    def _pass_on(self, *, timeout: float) -> None:
        if not self._selector.get_map():
            time.sleep(timeout)
            return
        for key, _ in self._selector.select(timeout):
            self._read(key.data)

    def _read(self, member: _Member) -> bool:
        """Take what lies in the pipe and say the whole lines of it; False when there is nothing."""
        assert member.child is not None
        assert member.child.stdout is not None
        descriptor = member.child.stdout.fileno()
        try:
            piece = os.read(descriptor, LINE_BYTES)
        except BlockingIOError:
            return False
        if not piece:
            with suppress(KeyError):
                self._selector.unregister(member.child.stdout)
            return False
        member.unfinished += piece
        *lines, rest = bytes(member.unfinished).split(b"\n")
        for line in lines:
            self._say(member.program.name, line.decode(errors="replace").rstrip("\r"))
        member.unfinished = bytearray(rest[-LINE_BYTES:])
        return True


def _open_log(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)


def _ended(status: int) -> str:
    if status >= 0:
        return f"ended with status {status}"
    return f"was ended by {signal.Signals(-status).name}"


def module(name: str, *arguments: str) -> list[str]:
    """The command line of a Python module under this very interpreter."""
    return [sys.executable, "-m", name, *arguments]
