"""What happened since the world was made, so that a restart continues the same world.

A scenario is a function of its seed and its first moment; the journal keeps both in its first line, and every
deed after that in a line of its own: what was said, edited, uploaded, held. Replaying it on a newly made
world gives the same world again, with the same ids. A last line cut off by a crash is dropped. Nothing is
said in the time the sandbox was down.
"""

import base64
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from sandbox.conversations import Forward, Message
from sandbox.deeds import DEEDS
from sandbox.files import Content, Held, Patterned
from sandbox.matters import Matter
from sandbox.world import World

Fields = dict[str, Any]


class Journal:
    """The file beside a running sandbox; `start_ms` is the moment its world was made for."""

    def __init__(self, path: Path, *, title: str, now_ms: int) -> None:
        self._path = path
        self._deeds: list[Fields] = []
        if not path.exists():
            self.start_ms = now_ms
            path.write_text(json.dumps({"world": title, "start_ms": now_ms}) + "\n")
            return
        whole, newline, _ = path.read_bytes().rpartition(b"\n")
        path.write_bytes(whole + newline)
        head, *self._deeds = [json.loads(line) for line in whole.splitlines()]
        if head.get("world") != title:
            raise ValueError(f"{path} remembers the world {head.get('world')!r}, not {title!r}")
        self.start_ms = int(head["start_ms"])

    def replay(self, world: World) -> None:
        """Do again what was done, then write down what is done from now on."""
        for fields in self._deeds:
            name = fields.pop("deed")
            if name in DEEDS:
                DEEDS[name](world, **fields)
            else:
                _DEEDS[name](world, fields)
        self._deeds = []
        world.journal = self._write

    def _write(self, deed: str, fields: Fields) -> None:
        content = fields.get("content")
        if content is not None:
            fields = {**fields, "content": _packed(content)}
        with self._path.open("a") as out:
            out.write(json.dumps({"deed": deed, **fields}) + "\n")


def _packed(content: Content) -> Fields:
    if isinstance(content, Patterned):
        return {"size": content.size, "seed": content.seed}
    return {"data": base64.b64encode(b"".join(content.chunks(0, content.size))).decode()}


def _unpacked(packed: Fields) -> Content:
    if "seed" in packed:
        return Patterned(packed["size"], packed["seed"])
    return Held(base64.b64decode(packed["data"]))


def _message(world: World, fields: Fields) -> Message:
    return world.message(fields["session_id"], fields["message_id"])


def _say(world: World, fields: Fields) -> None:
    session = world.sessions[fields["session_id"]]
    reply_to = fields["reply_to"]
    world.say(
        session,
        world.people[fields["by"]],
        fields["text"],
        at=fields["at"],
        id=fields["id"],
        files=[world.files[one] for one in fields["file_ids"]],
        reply_to=None if reply_to is None else world.message(session.id, reply_to),
    )


def _edit(world: World, fields: Fields) -> None:
    world.edit(_message(world, fields), fields["text"], at=fields["at"])


def _delete(world: World, fields: Fields) -> None:
    world.delete(_message(world, fields), at=fields["at"])


def _react(world: World, fields: Fields) -> None:
    world.react(_message(world, fields), world.people[fields["by"]], fields["emoji"], at=fields["at"])


def _pass_on(world: World, fields: Fields) -> None:
    """The saying itself is a deed of its own and was done before."""
    source, forward_id = _message(world, fields), fields["forward_id"]
    world.message(fields["to_session_id"], fields["passed_id"]).forward_id = forward_id
    world.forwards[forward_id] = Forward(forward_id, source, fields["text"])


def _upload(world: World, fields: Fields) -> None:
    world.upload(fields["name"], _unpacked(fields["content"]), at=fields["at"], id=fields["id"])


def _attach(world: World, fields: Fields) -> None:
    world.attach(_message(world, fields), world.files[fields["file_id"]])


def _join(world: World, fields: Fields) -> None:
    world.join(world.channels[fields["channel_id"]], world.people[fields["by"]], at=fields["at"])


def _leave(world: World, fields: Fields) -> None:
    world.leave(world.channels[fields["channel_id"]], world.people[fields["by"]], at=fields["at"])


def _open_matter(world: World, fields: Fields) -> None:
    end = None if fields["end"] is None else date.fromisoformat(fields["end"])
    start = date.fromisoformat(fields["start"])
    created_at = fields["created_at"]
    world.open_matter(Matter(fields["id"], fields["name"], fields["person_ids"], created_at, start, end))


def _rename_matter(world: World, fields: Fields) -> None:
    world.rename_matter(world.matters[fields["id"]], fields["name"])


def _end_matter(world: World, fields: Fields) -> None:
    world.end_matter(world.matters[fields["id"]])


def _set_retention(world: World, fields: Fields) -> None:
    channel = world.channels[fields["channel_id"]]
    world.set_retention(channel, custom=fields["custom"], period=fields["period"])


_DEEDS: dict[str, Callable[[World, Fields], None]] = {
    "say": _say,
    "edit": _edit,
    "delete": _delete,
    "react": _react,
    "pass_on": _pass_on,
    "upload": _upload,
    "attach": _attach,
    "join": _join,
    "leave": _leave,
    "open_matter": _open_matter,
    "rename_matter": _rename_matter,
    "end_matter": _end_matter,
    "set_retention": _set_retention,
}
