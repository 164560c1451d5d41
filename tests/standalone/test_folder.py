"""A data folder that cannot be used is refused in a sentence; one that only root can enter still works."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from standalone import folder as folders
from standalone.folder import Account, Folder
from standalone.problems import CannotStart

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
NOBODY = Account(65534, 65534)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    """Somebody set HOLDFAST_DATA to a file."""
    (tmp_path / "data").write_text("")
    with pytest.raises(CannotStart, match="is not a folder"):
        folders.open_folder(tmp_path / "data")


@as_root
def test_a_folder_of_somebody_else_is_refused(folder: Path) -> None:
    """The sentence names both, so that one knows whom to become."""
    folder.mkdir()
    asked = subprocess.run(
        ["/usr/bin/env", "python3", "-I", "-S", "-c", f"""
import os, sys
sys.path.insert(0, {str(Path.cwd())!r})
from standalone import folder, problems
from pathlib import Path
os.setgid(65534); os.setuid(65534)
try:
    folder.open_folder(Path({str(folder)!r}))
except problems.CannotStart as problem:
    print(problem)
"""],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "belongs to root and cannot be written by nobody" in asked.stdout


def test_a_full_disk_is_said_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a cluster on a full disk helps nobody."""

    class Usage(NamedTuple):
        free: int

    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(free=1024))
    with pytest.raises(CannotStart, match="less than 200 MB free"):
        folders.open_folder(tmp_path / "data")


def test_the_secret_key_is_made_once_and_read_by_its_owner_only(tmp_path: Path) -> None:
    """Sessions survive a restart, and other users of the machine do not learn the key."""
    folder = folders.open_folder(tmp_path / "data")
    first = folders.secret_key(folder)
    assert folders.secret_key(folder) == first
    assert len(first) >= 50
    assert (tmp_path / "data" / "secret-key").stat().st_mode & 0o777 == 0o600


def test_keys_made_at_the_same_moment_are_one(tmp_path: Path) -> None:
    """Two first starts race; the loser takes the winner's key."""
    code = "import sys; from pathlib import Path; from standalone import folder as f;"
    code += "print(f.secret_key(f.open_folder(Path(sys.argv[1]))))"
    racing = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    assert len({each.communicate()[0] for each in racing}) == 1


@as_root
def test_a_database_below_roots_home_moves_to_where_its_user_can_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server is not root, so it could not reach its own files there."""
    monkeypatch.setattr(folders, "OUTSIDE", tmp_path / "outside")
    home = tmp_path / "root"
    home.mkdir(mode=0o700)
    folder = Folder(home, NOBODY)
    place = folders.cluster(folder)
    assert place.is_relative_to(tmp_path / "outside")
    assert place.parent.stat().st_uid == NOBODY.uid
    assert folders.cluster(folder) == place


@as_root
def test_programs_below_roots_home_are_copied_to_where_everybody_can_go(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the libraries beside them, because they look for these relative to their own place."""
    monkeypatch.setattr(folders, "OUTSIDE", folder / "outside")
    home = folder / "root"
    (home / "wheel" / "bin").mkdir(parents=True)
    (home / "wheel.libs").mkdir()
    (home / "wheel" / "bin" / "server").touch(mode=0o755)
    home.chmod(0o700)
    copy = folders.reachable(home / "wheel", home / "wheel.libs", probe="bin/server", account=NOBODY)
    assert copy.is_relative_to(folder / "outside")
    assert os.access(copy / "bin" / "server", os.X_OK)
    assert (copy.parent / "wheel.libs").is_dir()


def test_a_socket_directory_of_somebody_else_is_not_used_again(folder: Path) -> None:
    """/tmp belongs to everybody: the name we remember may by now be another's."""
    folder.mkdir()
    ours = folders.socket_directory(Folder(folder, None), last=None)
    assert folders.socket_directory(Folder(folder, None), last=ours) == ours
    ours.chmod(0o777)
    other = folders.socket_directory(Folder(folder, None), last=ours)
    assert other != ours
    ours.rmdir()
    other.rmdir()
