"""The walls around a process that reads what strangers sent.

1. Limits of the kernel on memory, processor time, the size of written files (none) and core dumps.
2. On Linux a seccomp filter: the process may compute, read and write what is already open, and end. Opening a file or a
   socket, starting or signalling a process, and everything else is refused by the kernel.
3. A hook of Python itself that refuses the same, for systems without the second wall and as a wall before it.

Call `shut_in` last: afterwards not even a module can be imported. There is no way back.
"""

import contextlib
import ctypes
import platform
import resource
import signal
import struct
import sys
from pathlib import Path

from archive.extraction.limits import Limits

_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_LOAD, _EQUALS, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050001, 0x80000000  # refused is "operation not permitted"
# Per machine: the number of its instruction set, and what may still be asked of the kernel. In this order: read write
# readv writev pread64 close lseek fstat newfstatat mmap munmap mprotect brk mremap madvise rt_sigaction rt_sigreturn
# rt_sigprocmask sigaltstack futex exit exit_group getpid gettid clock_gettime gettimeofday getrandom sched_yield
# getrusage times nanosleep clock_nanosleep sysinfo uname ppoll rseq membarrier set_robust_list restart_syscall
_MACHINES = {
    "x86_64": (
        0xC000003E,
        (0, 1, 19, 20, 17, 3, 8, 5, 262, 9, 11, 10, 12, 25, 28, 13, 15, 14, 131, 202, 60, 231, 39, 186, 228, 96, 318, 24,
         98, 100, 35, 230, 99, 63, 271, 334, 324, 273, 219),
    ),
    "aarch64": (
        0xC00000B7,
        (63, 64, 65, 66, 67, 57, 62, 80, 79, 222, 215, 226, 214, 216, 233, 134, 139, 135, 132, 98, 93, 94, 172, 178, 113,
         169, 278, 124, 165, 153, 101, 115, 179, 160, 73, 293, 283, 99, 128),
    ),
}  # fmt: skip
_REFUSED_EVENTS = (
    "open", "os.", "socket.", "subprocess.", "shutil.", "pty.", "fcntl.", "ctypes.", "mmap.", "sqlite3.", "urllib.",
)  # fmt: skip


class NotPermitted(PermissionError):
    """What the process tried is not its business."""


def can_filter() -> bool:
    """Whether the kernel's filter is known for this machine."""
    return sys.platform == "linux" and platform.machine() in _MACHINES


def shut_in(limits: Limits) -> None:
    """Close all doors for good. Raises OSError when the kernel knows the filter and refuses to set it."""
    if sys.platform == "linux":
        _control(_PR_SET_PDEATHSIG, signal.SIGKILL)
    _limit(resource.RLIMIT_AS, _address_space_bytes() + limits.memory_bytes)
    _limit(resource.RLIMIT_CPU, limits.seconds, limits.seconds + 2)  # a signal that says why, then the end
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    if can_filter():
        _control(_PR_SET_NO_NEW_PRIVS, 1)
        _filter(*_MACHINES[platform.machine()])
    sys.addaudithook(_refuse)


def _limit(what: int, most: int, hard: int | None = None) -> None:
    with contextlib.suppress(ValueError, OSError):  # some systems do not know all of them
        resource.setrlimit(what, (most, most if hard is None else hard))


def _address_space_bytes() -> int:
    """What the process has already, most of it shared with the one it was forked from."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except (OSError, ValueError):
        return 256 * 1024 * 1024


def _filter(machine: int, allowed: tuple[int, ...]) -> None:
    """Load a program of the kernel's filter machine: another instruction set dies, what is not allowed is refused."""
    steps = [(_LOAD, 0, 0, 4), (_EQUALS, 1, 0, machine), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    for number in allowed:
        steps += [(_EQUALS, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    steps.append((_RETURN, 0, 0, _REFUSE))
    program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(steps), ctypes.addressof(program)))
    _control(_PR_SET_SECCOMP, 2, ctypes.addressof(header))


def _control(option: int, *arguments: int) -> None:
    """Ask the kernel something about this process."""
    library = ctypes.CDLL(None, use_errno=True)
    padded = [ctypes.c_ulong(argument) for argument in (*arguments, 0, 0, 0, 0)[:4]]
    if library.prctl(option, *padded) != 0:
        raise OSError(ctypes.get_errno(), f"prctl({option}) was refused")


def _refuse(event: str, _: object) -> None:
    if event.startswith(_REFUSED_EVENTS):
        raise NotPermitted(f"{event} is not permitted here.")
