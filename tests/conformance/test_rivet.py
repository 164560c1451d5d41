"""The vendor's own SDK for Node, published as `@zoom/rivet`, works against the sandbox as it does against Zoom.

It is installed from the registry by the lock beside the script, into a folder of the test. The test is skipped where
there is no Node or no registry.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.scene import MORNING_MS, Scene, opened

RIVET = Path(__file__).parent / "rivet"
OLDEST_NODE = 18
pytestmark = [pytest.mark.usefixtures("loopback"), pytest.mark.slow]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The script in a folder with the SDK it needs."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("no Node on this machine (the vendor's SDK needs node and npm)")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.lstrip("v").split(".")[0]) < OLDEST_NODE:
        pytest.skip(f"Node {version.strip()} is too old for the vendor's SDK")
    folder = tmp_path_factory.mktemp("rivet")
    for one in RIVET.iterdir():
        shutil.copy(one, folder)
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=30000"]
    done = subprocess.run(
        [npm, "ci", *options], cwd=folder, capture_output=True, text=True, timeout=180, check=False
    )
    if done.returncode != 0:
        if any(
            word in done.stderr for word in ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "network")
        ):
            pytest.skip("the registry of npm packages cannot be reached")
        pytest.fail(done.stderr[-2000:])
    return folder


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, loopback: None) -> Any:
    """The company with enough said for three pages."""
    with opened(tmp_path_factory.mktemp("scene")) as scene:
        session = scene.world.sessions[scene.general.session_id]
        for n in range(20):
            scene.world.say(session, scene.ravi, f"message {n}", at=MORNING_MS + 100_000 + n * 1000)
        yield scene


@pytest.fixture(scope="module")
def happened(installed: Path, scene: Scene) -> dict[str, Any]:
    """What the SDK did and found."""
    told = {
        "url": scene.sandbox.url,
        "from": "2026-05-01",
        "to": "2026-05-20",
        "sessionId": scene.general.session_id,
        "channelId": scene.general.id,
        "custodian": scene.ines.email,
        "holdFrom": "2026-03-01",
    }
    command = ["node", "session.mjs", json.dumps(told)]
    done = subprocess.run(command, cwd=installed, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    tokens = scene.sandbox.instance.requests["oauthToken"]
    return {**json.loads(done.stdout), "tokens": tokens}


def test_it_gets_a_token_and_keeps_it(happened: dict[str, Any]) -> None:
    """One for the whole session."""
    assert happened["asked"][0] == "post /oauth/token"
    assert happened["tokens"] == 1


def test_it_pages_through_the_reports(happened: dict[str, Any], scene: Scene) -> None:
    """Every session on a page of its own, every message once and in order."""
    sessions, messages = happened["reports"]["sessions"], happened["reports"]["messages"]
    assert [len(page) for page in sessions] == [1] * len(sessions)
    assert {one for page in sessions for one in page} >= {scene.general.session_id, scene.talk.id}
    assert [len(page) for page in messages[:-1]] == [10] * (len(messages) - 1)
    texts = [text for page in messages for text in page]
    assert [text for text in texts if text.startswith("message ")] == [f"message {n}" for n in range(20)]


def test_it_takes_a_matter_from_its_creation_to_its_zip(happened: dict[str, Any], scene: Scene) -> None:
    """The bytes that came are those that were announced."""
    matter = happened["matter"]
    assert matter["names"] == ["Southwind"]
    assert matter["size"] == matter["announced"] > 0
    assert matter["statuses"] == [201, 200, 204]
    assert matter["left"] == 0


def test_the_zip_is_the_one_that_we_would_get(happened: dict[str, Any], scene: Scene) -> None:
    """The same hold, made and fetched once more by our client, has the same bytes."""
    matter_id = scene.client.legal_hold.create(
        name="Southwind", identifiers=[scene.ines.email or ""], start=date(2026, 3, 1)
    )
    scene.world.clock.advance(seconds=600)
    (page,) = scene.client.legal_hold.files(matter_id=matter_id, identifier=scene.ines.email or "")
    key = next(one.file_key for one in page.records if one.ready_for_download)
    got = scene.client.legal_hold.download(
        matter_id=matter_id, file_key=key or "", to=scene.folder / "again.zip"
    )
    assert got.sha256.hex() == happened["matter"]["sha256"]


def test_it_sets_a_retention_and_reads_it(happened: dict[str, Any], scene: Scene) -> None:
    """Half a year, here and there."""
    cloud = {"enable_custom_retention": True, "retention_period": "6m"}
    assert happened["retention"] == {"status": 204, "cloud": cloud}
    assert (scene.general.custom_retention, scene.general.retention_period) == (True, "6m")


def test_what_it_sends_is_in_the_report(happened: dict[str, Any], scene: Scene) -> None:
    """As its own user said it."""
    sending = happened["sending"]
    said = scene.world.message(scene.general.session_id, sending["id"])
    assert (said.sender_id, said.text) == (scene.ines.id, "sent by the vendor's SDK")
    assert sending["statusCode"] == 201
    assert sending["texts"][-1] == said.text


def test_it_understands_a_refusal(happened: dict[str, Any]) -> None:
    """Status, code and sentence, in its own words."""
    assert happened["refusal"].startswith("[404/1001]")
