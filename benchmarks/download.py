"""How fast a large file comes into the blob store, and how little memory it takes.

The file is on a message of a pretend Zoom, which serves it over real HTTP from a process of its own. Measured: the
bare download of the same bytes by httpx into a file that is flushed to the disk, without hashing; and
`manage.py capture`, which lists, pulls, asks for the file's digest, downloads behind redirects, hashes, compares,
moves it into the store and logs it. The time of the product is that of the file alone: from the details of the
file to its blob.
"""

from __future__ import annotations

import os
import tempfile
from time import perf_counter

import httpx
from django.utils import timezone

from archive import gateway
from archive.models import Attachment, Blob, Observation
from benchmarks._large_file import FILE_ID
from benchmarks._programs import manage, sandbox

MEGABYTES = 2_000
UNMETERED = {"HOLDFAST_UNMETERED": "true"}


def run(*, megabytes: int = MEGABYTES) -> dict[str, float]:
    """Megabytes per second of both, and the peak memory of the whole capture process in MB."""
    size = megabytes * 1_000_000
    with sandbox("benchmarks._large_file", "--bytes", str(size)) as (_, origin):
        bare = megabytes / _bare(origin)
        app = gateway.App(
            account_id="large",
            client_id="bench",
            client_secret="bench",
            api_url=f"{origin}/v2",
            oauth_url=f"{origin}/oauth/token",
        )
        gateway.connect(app, name="large", now=timezone.now())
        capture = manage("capture", environment=UNMETERED).wait()
    blob, info = Blob.objects.get(), Observation.objects.get(kind=Observation.Kind.FILE)
    stored = Attachment.objects.get(state=Attachment.State.STORED)
    if (stored.blob_id, blob.size_bytes) != (blob.pk, size):
        raise RuntimeError("The file was not stored as it was sent.")
    return {
        "bare download to the disk, MB/s": bare,
        f"a file of {megabytes:,} MB into the store, MB/s": megabytes
        / (blob.stored_at - info.observed_at).total_seconds(),
        "memory of the capture process at most, MB": capture.peak_mb,
    }


def _bare(origin: str) -> float:
    """Seconds to stream the file to the disk and flush it."""
    with httpx.Client(timeout=60, follow_redirects=True) as client, tempfile.TemporaryFile() as file:
        form = {"grant_type": "account_credentials", "account_id": "bare"}
        token = client.post(f"{origin}/oauth/token", data=form, auth=("bench", "bench")).json()
        headers = {"Authorization": f"Bearer {token['access_token']}"}
        details = client.get(f"{origin}/v2/chat/files/{FILE_ID}", headers=headers).json()
        begun = perf_counter()
        with client.stream("GET", details["download_url"]) as reply:
            for chunk in reply.iter_raw():
                file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
        return perf_counter() - begun
