"""The walls around the process that reads: what it may not do, it cannot; what goes beyond its limits is ended."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from archive.extraction import confinement
from archive.extraction.limits import Limits
from archive.extraction.reader import Reader, ReaderFailed
from tests.archive.extraction import samples
from tests.waiting import wait_until

LIBC = ctypes.CDLL(None)
KERNEL_TRIES: dict[str, tuple[Any, tuple[object, ...]]] = {
    "open": (LIBC.open, (b"/etc/passwd", os.O_RDONLY)),
    "create": (LIBC.open, (b"/tmp/made-by-a-stranger", os.O_CREAT | os.O_WRONLY, 0o600)),
    "socket": (LIBC.socket, (int(socket.AF_INET), int(socket.SOCK_STREAM), 0)),
    "fork": (LIBC.fork, ()),
    "kill": (LIBC.kill, (os.getpid(), int(signal.SIGTERM))),
    "unlink": (LIBC.unlink, (b"/tmp/nothing",)),
    "execve": (LIBC.execve, (b"/bin/true", None, None)),
}
PYTHON_TRIES: dict[str, Callable[[], object]] = {
    "open": Path("/etc/passwd").read_bytes,
    "socket": socket.socket,
    "program": lambda: subprocess.run(["/bin/true"], check=False),
    "listing": lambda: os.listdir("/"),
    "removal": lambda: os.remove("/tmp/nothing"),
}


def shut_in(act: Callable[[], int]) -> int:
    """What a shut-in process answers, as its exit status."""
    child = os.fork()
    if child == 0:
        status = 99
        try:
            confinement.shut_in(Limits(seconds=5))
            status = act()
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.skipif(not confinement.can_filter(), reason="this kernel or machine has no filter we know")
@pytest.mark.parametrize("name", KERNEL_TRIES)
def test_the_kernel_refuses_whatever_python_does(name: str) -> None:
    """Asked past Python, as code that broke out of a parser would."""
    function, arguments = KERNEL_TRIES[name]
    assert shut_in(lambda: 0 if function(*arguments) == -1 else 1) == 0
    assert not Path("/tmp/made-by-a-stranger").exists()


@pytest.mark.parametrize("name", PYTHON_TRIES)
def test_python_refuses_too(name: str) -> None:
    """On every system, and before the kernel is asked."""

    def try_it() -> int:
        try:
            PYTHON_TRIES[name]()
        except PermissionError:
            return 0
        return 1

    assert shut_in(try_it) == 0


def test_memory_has_an_end() -> None:
    """An allocation beyond the limit fails where it is asked for."""

    def take() -> int:
        try:
            # The process this is a copy of may have megabytes to give back, so a little more would be granted.
            bytearray(2 * Limits().memory_bytes)
        except MemoryError:
            return 0
        return 1

    assert shut_in(take) == 0


def test_the_process_knows_no_secret(reader: Reader, tmp_path: Path) -> None:
    """No address of the database, no key: its environment is empty but for language and clock."""
    (tmp_path / "a").write_bytes(b"a")
    reader.read(tmp_path / "a")
    assert reader._process is not None
    environment = Path(f"/proc/{reader._process.pid}/environ").read_bytes()
    assert {one.partition(b"=")[0] for one in environment.split(b"\0") if one} == {b"LANG", b"TZ", b"PATH"}


def slow(path: Path) -> Path:
    """A document that takes many seconds: millions of empty paragraphs."""
    body = b"<w:p/>" * 12_000_000
    path.write_bytes(
        samples.zipped({"[Content_Types].xml": "", "word/document.xml": b"<w>" + body + b"</w>"}, stored=True)
    )
    return path


def test_what_takes_too_long_is_ended(tmp_path: Path) -> None:
    """By its processor time; the next file is read by the same process."""
    (tmp_path / "fine").write_bytes(b"fine")
    with Reader(Limits(seconds=1)) as reader:
        assert reader.read(slow(tmp_path / "slow")).reason == "time"
        assert reader._process is not None
        leader = reader._process.pid
        assert processor_seconds(leader) < 4
        reader._limits = Limits()  # within a second no machine has to read anything
        assert reader.read(tmp_path / "fine").outcome == "read"
        assert reader._process.pid == leader


def processor_seconds(leader: int) -> float:
    """How long the forks of a process that have ended kept the processor, which no other process can lengthen."""
    told = Path(f"/proc/{leader}/stat").read_text().rpartition(")")[2].split()
    return (int(told[13]) + int(told[14])) / os.sysconf("SC_CLK_TCK")


def test_what_takes_too_much_memory_is_ended(tmp_path: Path) -> None:
    """An entry of 30 MB where 8 are allowed."""
    (tmp_path / "large").write_bytes(samples.zipped({"a.pdf": b"%PDF-" + os.urandom(30 << 20)}, stored=True))
    with Reader(Limits(memory_bytes=8 << 20)) as reader:
        assert reader.read(tmp_path / "large").reason == "memory"


def test_a_killed_fork_is_a_reason_and_a_killed_process_is_started_again(tmp_path: Path) -> None:
    """The fork stands for a parser that crashes; the process for a machine that ran out of memory."""
    (tmp_path / "fine").write_bytes(b"fine")
    path = slow(tmp_path / "slow")
    with Reader(Limits(seconds=60)) as reader, ThreadPoolExecutor(1) as thread:
        reader.read(tmp_path / "fine")
        assert reader._process is not None
        leader = reader._process.pid
        killed = thread.submit(kill_child_of, leader)
        assert reader.read(path).reason == "crashed"
        killed.result()
        os.kill(leader, signal.SIGKILL)
        with pytest.raises(ReaderFailed):
            reader.read(tmp_path / "fine")
        assert reader.read(tmp_path / "fine").outcome == "read"


def kill_child_of(leader: int) -> None:
    """As soon as there is one."""
    children = Path(f"/proc/{leader}/task/{leader}/children")
    wait_until(lambda: children.read_text() != "")
    os.kill(int(children.read_text().split()[0]), signal.SIGSEGV)


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    """When a worker ends, so does its process, and a worker that dies takes it along."""
    (tmp_path / "fine").write_bytes(b"fine")
    program = (
        "import sys, os; from pathlib import Path; from archive.extraction.reader import Reader;"
        "from archive.extraction.limits import Limits; r = Reader(Limits()); r.read(Path(sys.argv[1]));"
        "print(r._process.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "fine")], cwd=root, capture_output=True, check=False
    )
    pid = int(done.stdout)
    wait_until(lambda: not is_reading(pid))


def is_reading(pid: int) -> bool:
    """Whether it is a process of ours that lives: one that nobody has buried has no command line any more."""
    try:
        return b"archive.extraction" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False
