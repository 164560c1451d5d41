#!/usr/bin/env python3
"""Set Holdfast up on a machine that has Python 3.11 or newer and nothing else, and run it.

    python3 run.py up --demo     everything, with a pretend Zoom account (any other manage.py command works
    too) python3 run.py test ...      the tests (arguments go to pytest) python3 run.py check         lint,
    types, import contracts, migrations python3 run.py bench         the measured figures

Standard library only. It makes `.venv` beside this file and installs the locked packages with their hashes,
once; a lock file that has not changed costs nothing the next time. It never installs outside `.venv` and
needs neither ensurepip nor a right to change the system's Python (PEP 668): a bare Debian has neither.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import ssl
import subprocess
import sys
import sysconfig
import tempfile
import time
import urllib.error
import urllib.request
import venv
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "holdfast-installed.json"
LOCKS = {"product": "requirements.lock", "tests": "requirements-dev.lock"}  # the second contains the first
OLDEST = (3, 11)

# pip for a machine that has none: fetched by its digest, so that it does not matter who delivered it
PIP_URL = (
    "https://files.index.example/packages/44/3c/"
    "d717024885424591d5376220b5e836c2d5293ce2011523c9de23ff7bf068/pip-25.3-py3-none-any.whl"
)
PIP_SHA256 = "9655943313a94722b7774661c21049070f6bbb0a1516bf02f7c8d5d9201514cd"

CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports",),
    ("python", "manage.py", "makemigrations", "--check", "--dry-run"),
)


def main(arguments: list[str]) -> None:
    if sys.version_info < OLDEST:
        fail(
            f"Holdfast needs Python {OLDEST[0]}.{OLDEST[1]} or newer and this is {sys.version.split()[0]}. "
            "If a newer one is installed, name it: make demo PYTHON=python3.12"
        )
    if not arguments:
        print(__doc__)
        return
    verb, *rest = arguments
    if verb == "identity":
        print(python_identity())
        return
    install("tests" if verb in ("test", "check", "bench") else "product")
    if verb == "test":
        become("-m", "pytest", *(rest or ["-n", str(min(4, os.cpu_count() or 1))]))
    elif verb == "bench":
        become("-m", "benchmarks", *rest)
    elif verb == "check":
        sys.exit(check())
    else:
        become(str(ROOT / "manage.py"), *arguments)


def become(*arguments: str) -> None:
    """Go on as Python of the environment; signals and the exit status are its own."""
    os.chdir(ROOT)
    os.execv(str(PYTHON), [str(PYTHON), *arguments])


def check() -> int:
    """Run every check and say which failed."""
    failed = []
    with tempfile.TemporaryDirectory(prefix="holdfast-check-") as data:
        environment = {**os.environ, "HOLDFAST_DATA": data, "PATH": f"{VENV / 'bin'}:{os.environ['PATH']}"}
        for command in CHECKS:
            print(f"--- {' '.join(command)}", flush=True)
            argv = [str(VENV / "bin" / command[0]), *command[1:]]
            if subprocess.run(argv, cwd=ROOT, env=environment, check=False).returncode != 0:
                failed.append(command[0] if command[0] != "python" else "makemigrations")
    print("failed: " + ", ".join(failed) if failed else "all checks pass", flush=True)
    return 1 if failed else 0


def install(wanted: str) -> None:
    """Bring `.venv` to what the lock says; returns at once when it is there already."""
    if is_installed(wanted):
        return
    try:
        guard = os.open(ROOT, os.O_RDONLY)
        fcntl.flock(guard, fcntl.LOCK_EX)  # two starts at once: the second finds the work done
        if not is_installed(wanted):
            make_environment()
            put_packages(LOCKS[wanted])
            note(wanted)
        os.close(guard)
    except PermissionError as problem:
        fail(
            f"{problem.filename or ROOT} cannot be written by this user. "
            "Run as the owner of this folder, or in a copy of it."
        )


def is_installed(wanted: str) -> bool:
    try:
        found = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return False
    return (
        PYTHON.exists() and found.get("python") == python_identity() and found.get(wanted) == digest(wanted)
    )


def note(wanted: str) -> None:
    names = ["product", "tests"] if wanted == "tests" else ["product"]
    stamp = {"python": python_identity(), **{name: digest(name) for name in names}}
    STAMP.write_text(json.dumps(stamp, indent=1))


def digest(name: str) -> str:
    return hashlib.sha256((ROOT / LOCKS[name]).read_bytes()).hexdigest()


def python_identity() -> str:
    """What a compiled package depends on: version and platform of the interpreter below the environment."""
    return f"{sys.version_info[0]}.{sys.version_info[1]} {sysconfig.get_platform()} {os.path.realpath(sys.base_prefix)}"


def make_environment() -> None:
    """Make `.venv` unless one of this very Python is there; one of another Python is made anew."""
    STAMP.unlink(missing_ok=True)  # an interrupted installation is not an installation
    if PYTHON.exists():
        argv = [str(PYTHON), str(ROOT / "run.py"), "identity"]
        said = subprocess.run(argv, capture_output=True, text=True, check=False)
        if said.stdout.strip() == python_identity():
            return
    if VENV.is_symlink():
        fail(f"{VENV} is a link to another place, which is left alone. Remove the link and start again.")
    builder = venv.EnvBuilder(with_pip=False, symlinks=True, clear=True)
    builder.create(VENV)


def put_packages(lock: str) -> None:
    count = sum(1 for line in (ROOT / lock).read_text().splitlines() if line[:1].isalnum())
    print(f"Installing {count} packages into {VENV} (once; about a minute) …", flush=True)
    started = time.monotonic()
    options = ["install", "--quiet", "--require-hashes", "--disable-pip-version-check", "--no-input"]
    with tempfile.TemporaryDirectory(prefix="holdfast-pip-") as scratch:
        argv, environment = pip(Path(scratch))
        done = subprocess.run([*argv, *options, "-r", str(ROOT / lock)], env=environment, check=False)
    if done.returncode != 0:
        fail(
            "The packages could not be installed; pip says why above. Is PyPI, or your mirror of it, reachable?"
        )
    print(f"Installed in {time.monotonic() - started:.0f} s.", flush=True)


def pip(scratch: Path) -> tuple[list[str], dict[str, str]]:
    """A command that is pip for `.venv`: this Python's own, the one ensurepip carries, Debian's, or a fetched one."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment["PIP_REQUIRE_VIRTUALENV"] = "0"
    environment["PIP_USER"] = "0"
    own = [sys.executable, "-m", "pip"]
    said = subprocess.run([*own, "--version"], capture_output=True, text=True, env=environment, check=False)
    if said.returncode == 0 and version(said.stdout.split()[1]) >= (22, 3):  # the first with --python
        return [*own, "--python", str(PYTHON)], environment
    wheel = carried_pip() or fetched_pip(scratch)
    environment["PYTHONPATH"] = str(wheel)
    return [str(PYTHON), "-m", "pip"], environment


def version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:2] if part.isdigit())


def carried_pip() -> Path | None:
    """A wheel of pip that came with Python or with Debian's python3-pip-whl."""
    stdlib = Path(sysconfig.get_paths()["stdlib"])
    for folder in (stdlib / "ensurepip" / "_bundled", Path("/usr/share/python-wheels")):
        wheels = sorted(folder.glob("pip-*.whl"))
        if wheels:
            return wheels[-1]
    return None


def fetched_pip(scratch: Path) -> Path:
    try:
        content = fetch(ssl.create_default_context())
    except urllib.error.URLError as problem:
        if not isinstance(problem.reason, ssl.SSLError):
            fail(
                f"This Python has no pip and none could be fetched from PyPI ({problem.reason}). "
                "Install it, for example with `apt-get install python3-pip`, and start again."
            )
        # a bare Debian has no certificates; the digest below says whether this is pip
        content = fetch(ssl._create_unverified_context())
    if hashlib.sha256(content).hexdigest() != PIP_SHA256:
        fail("What came from PyPI instead of pip is something else. Install python3-pip and start again.")
    path = scratch / PIP_URL.rpartition("/")[2]
    path.write_bytes(content)
    return path


def fetch(context: ssl.SSLContext) -> bytes:
    with urllib.request.urlopen(PIP_URL, timeout=60, context=context) as reply:
        content: bytes = reply.read(20_000_000)
    return content


def fail(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
