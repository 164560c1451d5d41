"""A pretend Zoom with one conversation, in which somebody sent one file of any size."""

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path

from sandbox import app, identity, server
from sandbox.clock import MS_PER_DAY, Clock
from sandbox.files import Patterned
from sandbox.instance import Account
from sandbox.people import Person
from sandbox.world import World

FILE_ID = "large"


def world(*, size_bytes: int) -> World:
    """Ines sent Ravi a file yesterday; its digest is computed before anybody asks."""
    made = World(Clock(start=datetime.now(UTC), speed=0))
    ines, ravi = (made.add_person(_person(name)) for name in ("ines", "ravi"))
    made.own_user_id = ines.id
    yesterday = made.clock.now_ms() - MS_PER_DAY
    content = Patterned(size_bytes, "large")
    content.digest()
    stored = made.upload("recording.mp4", content, at=yesterday, id=FILE_ID)
    made.say(made.open_talk(ines, ravi), ines, "The recording", at=yesterday, files=[stored])
    return made


def _person(name: str) -> Person:
    return Person(
        identity.short("id", name), f"{name}@acme.example", name.title(), identity.short("m", name), False
    )


def main() -> None:
    """Serve until ended; the port is written when it answers."""
    options = argparse.ArgumentParser()
    options.add_argument("--bytes", type=int, required=True)
    options.add_argument("--port-file", type=Path, required=True)
    given = options.parse_args()
    listening = server.listen(host="127.0.0.1", port=0)
    served = app.build(world(size_bytes=given.bytes), account=Account(rate_limit=False))
    listening.listen(16)
    partial = given.port_file.with_suffix(".new")
    partial.write_text(str(listening.getsockname()[1]))
    os.replace(partial, given.port_file)
    server.server_of(served).run([listening])


if __name__ == "__main__":
    main()
