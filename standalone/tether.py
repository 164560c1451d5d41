"""Run a program that cannot outlive the process that started it, and, as root, without root's rights.

Used as a script by `processes`: it drops to another user when told to, asks the kernel to be signalled when
its parent dies (prctl PR_SET_PDEATHSIG), checks that the parent did not die before that, and becomes the
program. The order matters: changing the user clears the request, so the request comes after it.

It is a script and not a `preexec_fn` because Python code between fork and exec can hang when threads run, and
it uses nothing but the standard library, so that it works with `python -I -S`. It must never fork: the
kernel's promise is bound to this very process.
"""

import ctypes
import os
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1


def command(
    argv: list[str], *, orphan_signal: signal.Signals, uid: int | None = None, gid: int | None = None
) -> list[str]:
    """The command line that runs `argv` tethered to the calling process, as `uid` and `gid` when given."""
    who = "-" if uid is None else f"{uid}:{gid}"
    script = str(Path(__file__).resolve())
    return [sys.executable, "-I", "-S", script, str(os.getpid()), str(int(orphan_signal)), who, *argv]


def end_with_parent(orphan_signal: signal.Signals) -> None:
    """Ask the kernel to send this process a signal when the thread that forked it ends; OSError if it will not."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, int(orphan_signal), 0, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def main(parent: int, orphan_signal: int, who: str, argv: list[str]) -> None:
    """Become `argv`; returns only by exiting when the parent is already gone or the program cannot be run."""
    if who != "-":
        uid, _, gid = who.partition(":")
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    try:
        end_with_parent(signal.Signals(orphan_signal))
    except OSError as problem:
        sys.exit(f"cannot be tied to its parent: {problem.strerror}")
    if os.getppid() != parent:
        sys.exit("the parent is already gone")
    try:
        os.execvp(argv[0], argv)
    except OSError as problem:
        sys.exit(f"cannot run {argv[0]}: {problem.strerror}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
