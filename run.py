#!/usr/bin/env python3
"""Set Holdfast up on a machine that has Python 3.11 or newer and nothing else, and run it.

Usage:

- `python3 run.py up --demo`: everything, with a pretend Zoom account to capture from
- `python3 run.py help`: what else there is; every other manage.py command works the same way
- `python3 run.py test ...`: the tests (arguments go to pytest)
- `python3 run.py check`: lint, types, import contracts, migrations
- `python3 run.py bench`: the measured figures

Standard library only. It makes `.venv` beside this file and installs the locked packages with their hashes,
once; a lock file that has not changed costs nothing the next time. It never installs outside `.venv` and
needs neither pip, ensurepip nor a right to change the system's Python (PEP 668): a bare Debian has none of
them. The pip it uses comes with this Python or from the system's own archive, and packages come from where
that pip is set to look: no address of a package index stands in this project.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
import venv
import zipfile
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "holdfast-installed.json"
LOCKS = {"product": "requirements.lock", "tests": "requirements-dev.lock"}  # the second contains the first
OLDEST = (3, 11)

# where pip's wheel lies when Python or the distribution brings one: ensurepip's, then Debian's and Fedora's
WHEELS = (Path(sysconfig.get_paths()["stdlib"]) / "ensurepip" / "_bundled", Path("/usr/share/python-wheels"))
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")  # the ones Debian's pip trusts

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
        become("-m", "pytest", *(rest or ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "loadgroup"]))
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
        fail("The packages could not be installed; pip says why above. Can it reach its package index?")
    print(f"Installed in {time.monotonic() - started:.0f} s.", flush=True)


def pip(scratch: Path) -> tuple[list[str], dict[str, str]]:
    """A command that is pip for `.venv`, and its environment.

    1. This Python's own pip, when it can install into another environment.
    2. A wheel of pip on this disk: ensurepip's, or the distribution's.
    3. The wheel in Debian's or Ubuntu's archive, unpacked into `scratch`.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment["PIP_REQUIRE_VIRTUALENV"] = "0"
    environment["PIP_USER"] = "0"
    own = [sys.executable, "-m", "pip"]
    said = subprocess.run([*own, "--version"], capture_output=True, text=True, env=environment, check=False)
    if said.returncode == 0 and version(said.stdout.split()[1]) >= (22, 3):  # the first with --python
        return [*own, "--python", str(PYTHON)], environment
    wheel = newest_wheel(*WHEELS) or debian_pip(scratch)
    if wheel is None:
        fail(
            "This Python has no pip, and none could be found on this machine. Install one (on Debian, Ubuntu "
            "and Fedora the package is python3-pip), or use a python3 that has ensurepip, and start again."
        )
    environment["PYTHONPATH"] = str(wheel)
    return [str(PYTHON), "-m", "pip"], environment


def version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:2] if part.isdigit())


def newest_wheel(*folders: Path) -> Path | None:
    """A wheel of pip from the first of these folders that has one."""
    for folder in folders:
        wheels = sorted(folder.glob("pip-*.whl"), key=lambda wheel: version(wheel.name.split("-")[1]))
        if wheels:
            return wheels[-1]
    return None


def debian_pip(scratch: Path) -> Path | None:
    """pip out of the system's package archive, unpacked into `scratch`; the system stays as it is.

    Any user may do this, and apt verifies what it fetches. Where apt has no lists, or only stale ones, new ones
    are fetched into `scratch` too.
    """
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        return None
    print("This Python has no pip; using the one in the system's package archive …", flush=True)
    names = ["python3-pip-whl"] if CERTIFICATES.exists() else ["python3-pip-whl", "ca-certificates"]
    (scratch / "lists" / "partial").mkdir(parents=True)
    own_lists = [f"-oDir::State::Lists={scratch}/lists", f"-oDir::Cache={scratch}/cache"]
    if not apt_get("download", *names, folder=scratch, is_last=False):
        apt_get("update", *own_lists, folder=scratch)
        apt_get("download", *names, *own_lists, folder=scratch)
    for package in scratch.glob("*.deb"):
        subprocess.run(["dpkg-deb", "--extract", str(package), str(scratch)], check=False)
    wheel = newest_wheel(scratch / "usr/share/python-wheels")
    return wheel if wheel is None or CERTIFICATES.exists() else with_certificates(wheel, scratch)


def apt_get(*arguments: str, folder: Path, is_last: bool = True) -> bool:
    """Whether apt-get did this in this folder; why not is shown when nothing else is left to try."""
    done = subprocess.run(["apt-get", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0 and is_last:
        print(done.stderr.strip(), file=sys.stderr)
    return done.returncode == 0


def with_certificates(wheel: Path, scratch: Path) -> Path:
    """The same pip, trusting the certificates unpacked into `scratch`: Debian's names a file that is missing here."""
    certificates = (scratch / "usr/share/ca-certificates").rglob("*.crt")
    bundle = scratch / "certificates.pem"
    bundle.write_bytes(b"\n".join(path.read_bytes() for path in sorted(certificates)))
    folder = scratch / "pip"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    where = folder / "pip/_vendor/certifi/core.py"
    where.write_text(where.read_text().replace(str(CERTIFICATES), str(bundle)))
    return folder


def fail(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
