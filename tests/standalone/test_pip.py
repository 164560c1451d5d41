"""Where run.py finds a pip when Ines starts Holdfast on a machine that may have none."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

APT_GET = """#!/bin/sh
echo "$@" >> "{folder}/said"
case "$1" in
    update) touch "{folder}/lists" ;;
    download) test -e "{folder}/lists" && cp "{folder}"/*.deb . ;;
esac
"""


@pytest.fixture
def wheel(run: ModuleType) -> Path:
    """A real pip, which this Python or its distribution brings."""
    found = run.newest_wheel(*run.WHEELS)
    if found is None:
        pytest.skip("this Python brings no wheel of pip")
    assert isinstance(found, Path)
    return found


@pytest.fixture
def bare(
    run: ModuleType, wheel: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A machine with a Python without pip, no wheel of pip and no apt; its PATH is the folder returned."""
    machine = tmp_path_factory.mktemp("machine")
    (machine / "bin").mkdir()
    run.make_environment()
    monkeypatch.setattr(sys, "executable", str(run.PYTHON))
    monkeypatch.setattr(run, "WHEELS", (machine / "ensurepip", machine / "python-wheels"))
    monkeypatch.setattr(run, "CERTIFICATES", machine / "ca-certificates.crt")
    monkeypatch.setenv("PATH", str(machine / "bin"))
    return machine


@pytest.fixture
def archive(bare: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same machine with apt, whose archive has a package with pip and one with a certificate."""
    if shutil.which("dpkg-deb", path=os.defpath) is None:
        pytest.skip("packages are built with dpkg-deb, which only Debian has")
    monkeypatch.setenv("PATH", f"{bare / 'bin'}:{os.defpath}")
    folder = bare / "apt"
    package(folder, "python3-pip-whl", f"usr/share/python-wheels/{wheel.name}", wheel.read_bytes())
    package(folder, "ca-certificates", "usr/share/ca-certificates/mozilla/one.crt", b"the certificate\n")
    script = bare / "bin" / "apt-get"
    script.write_text(APT_GET.format(folder=folder))
    script.chmod(0o755)
    return folder


def package(folder: Path, name: str, path: str, content: bytes) -> None:
    """A Debian package with one file."""
    tree = folder / name
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN" / "control").write_text(
        f"Package: {name}\nVersion: 1\nArchitecture: all\nMaintainer: Ines\nDescription: one file\n"
    )
    (tree / path).parent.mkdir(parents=True)
    (tree / path).write_bytes(content)
    build(tree)


def build(tree: Path) -> None:
    subprocess.run(["dpkg-deb", "--build", str(tree), f"{tree}.deb"], check=True, capture_output=True)


def package_of_debian(folder: Path, *, names: Path) -> None:
    """Change the pip in the archive as Debian does: its certificates are a file of the system."""
    lying = next((folder / "python3-pip-whl").rglob("pip-*.whl"))
    with zipfile.ZipFile(lying, "a") as content:
        patch = f'\n\ndef where() -> str:\n    return "{names}"\n'
        core = "pip/_vendor/certifi/core.py"
        content.writestr(core, content.read(core).decode() + patch)
    build(folder / "python3-pip-whl")


def answers(found: tuple[list[str], dict[str, str]]) -> bool:
    """Whether this really is a pip."""
    argv, environment = found
    return subprocess.run([*argv, "--version"], env=environment, check=False).returncode == 0


def put(wheel: Path, folder: Path) -> Path:
    folder.mkdir()
    return Path(shutil.copy(wheel, folder))


def test_this_pythons_own_pip_goes_first(run: ModuleType, bare: Path, wheel: Path, tmp_path: Path) -> None:
    """Even where wheels lie about: it is the one that Ines has configured."""
    put(wheel, run.WHEELS[0])
    packages = next((run.VENV / "lib").glob("python*/site-packages"))
    (packages / "pip.pth").write_text(f"{wheel}\n")
    argv, environment = found = run.pip(tmp_path)
    assert argv == [sys.executable, "-m", "pip", "--python", str(run.PYTHON)]
    assert "PYTHONPATH" not in environment
    assert answers(found)


def test_then_the_one_that_ensurepip_carries(
    run: ModuleType, bare: Path, wheel: Path, tmp_path: Path
) -> None:
    """Before the distribution's: it was made for this Python."""
    carried = put(wheel, run.WHEELS[0])
    put(wheel, run.WHEELS[1])
    found = run.pip(tmp_path)
    assert found[1]["PYTHONPATH"] == str(carried)
    assert answers(found)


def test_then_the_distributions_wheel(run: ModuleType, archive: Path, wheel: Path, tmp_path: Path) -> None:
    """Apt is not asked for what is on the disk."""
    lying = put(wheel, run.WHEELS[1])
    assert run.pip(tmp_path)[1]["PYTHONPATH"] == str(lying)
    assert not (archive / "said").exists()


def test_then_the_one_in_the_systems_archive(run: ModuleType, archive: Path, tmp_path: Path) -> None:
    """Unpacked into the scratch folder, and nowhere else."""
    run.CERTIFICATES.touch()
    (archive / "lists").touch()
    found = run.pip(tmp_path)
    assert Path(found[1]["PYTHONPATH"]).is_relative_to(tmp_path)
    assert answers(found)
    assert (archive / "said").read_text() == "download python3-pip-whl\n"


def test_lists_that_are_missing_are_fetched_into_the_scratch_folder(
    run: ModuleType, archive: Path, tmp_path: Path
) -> None:
    """So that any user can, and the system's own lists stay as they are."""
    run.CERTIFICATES.touch()
    assert answers(run.pip(tmp_path))
    _, update, download = (archive / "said").read_text().splitlines()
    own = f"-oDir::State::Lists={tmp_path}/lists -oDir::Cache={tmp_path}/cache"
    assert update == f"update {own}"
    assert download == f"download python3-pip-whl {own}"


@pytest.mark.filterwarnings("ignore:Duplicate name")  # the later of the two counts
def test_a_machine_without_certificates_borrows_the_archives(
    run: ModuleType, archive: Path, tmp_path: Path
) -> None:
    """Debian's pip names a file of the system, which a bare one lacks, and will not start without it."""
    (archive / "lists").touch()
    package_of_debian(archive, names=run.CERTIFICATES)
    argv, environment = run.pip(tmp_path)
    ask = "from pip._vendor import certifi; print(certifi.where())"
    said = subprocess.run([argv[0], "-c", ask], env=environment, capture_output=True, text=True, check=True)
    assert Path(said.stdout.strip()).read_bytes() == b"the certificate\n"
    assert Path(said.stdout.strip()).is_relative_to(tmp_path)


def test_no_pip_anywhere_is_refused_in_a_sentence(
    run: ModuleType, bare: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what to install instead, and status 2."""
    with pytest.raises(SystemExit) as ended:
        run.pip(tmp_path)
    assert ended.value.code == 2
    assert "python3-pip" in capsys.readouterr().err


def test_an_archive_out_of_reach_says_what_apt_says(
    run: ModuleType, archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ines learns why from apt, and what to do from the sentence after it."""
    (archive.parent / "bin" / "apt-get").write_text("#!/bin/sh\necho 'E: no network' >&2; exit 100\n")
    with pytest.raises(SystemExit):
        run.pip(tmp_path)
    said = capsys.readouterr().err
    assert said.startswith("E: no network")
    assert "python3-pip" in said
