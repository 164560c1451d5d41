"""The container image without a container engine: its commands run as written, in a clean copy, as given there."""

import json
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.standalone.command import ROOT, Command, eventually, kill_9
from tests.standalone.test_up import free_port

pytestmark = [pytest.mark.system, pytest.mark.slow, pytest.mark.timeout(560)]
STARTED_WITHIN_S = 240.0  # all of them compile what they import at once
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = (ROOT / "docker-compose.yml").read_text()


def runs() -> list[str]:
    """The RUN lines of the Dockerfile."""
    return re.findall(r"^RUN (.+)$", DOCKERFILE, re.MULTILINE)


def commands() -> dict[str, list[str]]:
    """What each service runs; the web service's is also the image's own."""
    services = re.split(r"^  (\w+):$", COMPOSE.split("\nservices:\n")[1], flags=re.MULTILINE)
    pairs = zip(services[1::2], services[2::2], strict=True)
    found = {name: re.search(r"^    command: (\[.+\])$", body, re.MULTILINE) for name, body in pairs}
    return {name: json.loads(match[1]) for name, match in found.items() if match is not None}


@pytest.fixture
def image(folder: Path) -> Path:
    """What COPY puts into the image: the tracked files less .dockerignore."""
    ignored = [line for line in (ROOT / ".dockerignore").read_text().split() if "*" not in line]
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout, so what belongs to the image is not known")
    place = folder.parent / "image"
    for name in listed.stdout.splitlines():
        if not any(fnmatch(name, pattern) or name.startswith(f"{pattern}/") for pattern in ignored):
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / name).exists():
                shutil.copy2(ROOT / name, place / name)
    return place


@pytest.fixture
def environment(folder: Path, command: Callable[[], Command]) -> dict[str, str]:
    """The image's ENV and the variables compose gives, with servers of this test."""
    settings = command().settings
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "DJANGO_SETTINGS_MODULE": "compliance.settings",
        "HOLDFAST_DATA": str(folder.parent / "image-data"),
        "HOLDFAST_STATIC_ROOT": str(folder.parent / "static"),
        "HOLDFAST_URL": "http://localhost:8000",
        "HOLDFAST_LOG": "json",
        "SECRET_KEY": "of-the-image",
        "DATABASE_URL": settings["DATABASE_URL"],
        "REDIS_URL": settings["REDIS_URL"],
        "DATABASE_OWNER_URL": settings["DATABASE_OWNER_URL"],
    }


@pytest.fixture
def service(image: Path, environment: dict[str, str]) -> Iterator[Callable[[str], subprocess.Popen[bytes]]]:
    """Run one service's command as written, but for the port and for /tmp, which are not its own here."""
    started: list[subprocess.Popen[bytes]] = []
    app = {name: value for name, value in environment.items() if name != "DATABASE_OWNER_URL"}

    def start(name: str) -> subprocess.Popen[bytes]:
        argv = [word.replace("0.0.0.0:8000", f"127.0.0.1:{app['PORT']}") for word in commands()[name]]
        argv = [word.replace("/tmp/", f"{image.parent}/") for word in argv]
        started.append(subprocess.Popen(argv, cwd=image, env=app))
        return started[-1]

    app["PORT"] = str(free_port())
    environment["PORT"] = app["PORT"]
    yield start
    kill_9(*(each.pid for each in started))


def test_the_image_says_one_thing(image: Path) -> None:
    """The image's own command is the web service's; packages come with hashes; nothing runs as root."""
    own = re.search(r"^CMD (\[.+\])$", DOCKERFILE, re.MULTILINE)
    assert own is not None
    assert json.loads(own[1]) == commands()["web"]
    assert "pip install --require-hashes --requirement requirements.lock" in runs()
    assert DOCKERFILE.index("\nUSER holdfast") < DOCKERFILE.index("\nCMD")
    assert set(commands()) == {
        "redis",
        "migrate",
        "web",
        "worker",
        "capturer",
        "reader",
        "fetcher",
        "exporter",
        "beat",
        "indexer",
    }
    assert not (image / "tests").exists()


def test_the_image_builds_migrates_and_serves(
    image: Path, environment: dict[str, str], service: Callable[[str], subprocess.Popen[bytes]]
) -> None:
    """Static files are collected without a database; the web service is ready by its own health check."""
    building = {
        name: environment[name] for name in ("PATH", "DJANGO_SETTINGS_MODULE", "HOLDFAST_STATIC_ROOT")
    }
    collect = next(line for line in runs() if "collectstatic" in line)
    subprocess.run(
        ["/bin/sh", "-ec", collect], cwd=image, env=building, check=True, stdout=subprocess.DEVNULL
    )
    assert (Path(environment["HOLDFAST_STATIC_ROOT"]) / "staticfiles.json").exists()
    subprocess.run(commands()["migrate"], cwd=image, env=environment, check=True, stdout=subprocess.DEVNULL)
    web = service("web")
    check = re.search(r'test: \["CMD", "python", "-c", "(.+)"\]', COMPOSE)
    assert check is not None
    asked = check[1].replace("127.0.0.1:8000", f"127.0.0.1:{environment['PORT']}")

    def is_healthy() -> bool:
        done = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=False)
        return done.returncode == 0

    assert eventually(is_healthy, seconds=STARTED_WITHIN_S)
    web.send_signal(signal.SIGTERM)
    assert web.wait(120) == 0


def test_the_other_services_start_and_stop(
    image: Path, environment: dict[str, str], service: Callable[[str], subprocess.Popen[bytes]]
) -> None:
    """Beside each other, as compose starts them; each runs until it is told to end, and then ends by itself."""
    subprocess.run(commands()["migrate"], cwd=image, env=environment, check=True, stdout=subprocess.DEVNULL)
    others = sorted(set(commands()) - {"redis", "migrate", "web"})
    running = {name: service(name) for name in others}

    def is_at_work(name: str) -> bool:
        """It has a connection; beat has written its schedule, and is not amid its first start any more."""
        if name == "beat":
            return any(path.stat().st_size > 0 for path in image.parent.glob("beat-schedule*"))
        sockets = f"find /proc/{running[name].pid}/fd -lname 'socket:*'"
        held = subprocess.run(["/bin/sh", "-c", sockets], capture_output=True, check=False).stdout
        return held != b""

    for name in others:
        assert eventually(lambda: is_at_work(name), seconds=STARTED_WITHIN_S), name  # noqa: B023
    for name, process in running.items():
        assert process.poll() is None, name
        process.send_signal(signal.SIGTERM)
    assert {name: process.wait(120) for name, process in running.items()} == dict.fromkeys(others, 0)
