"""Calls of the tags Chat Files and Chat Emoji."""

from __future__ import annotations

import base64

from tests.conformance.scene import Scene

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def _upload(scene: Scene) -> str:
    notes = scene.write("notes.txt", b"kept")
    return scene.client.files.upload(user_id="me", file=notes, name="n.txt", post=False)


def upload(scene: Scene) -> None:
    """One to be sent later, and what it became."""
    assert scene.client.files.info(_upload(scene)).file_name == "n.txt"


def send(scene: Scene) -> None:
    """As a reply in a channel, and to somebody."""
    picture = scene.write("ship.png", PNG)
    scene.client.files.send(
        user_id="me", file=picture, to_channel=scene.general.id, reply_to=scene.said.id, name="s.png"
    )
    scene.client.files.send(user_id="me", file=picture, to_contact=scene.ravi.id)


def delete(scene: Scene) -> None:
    """One that was sent."""
    scene.client.files.send(
        user_id="me", file=scene.write("a.txt", b"kept"), to_channel=scene.general.id, name="a.txt"
    )
    said = scene.world.sessions[scene.general.session_id].messages[-1]
    scene.client.files.delete(file_id=said.file_ids[0])


def _emoji(scene: Scene) -> str:
    made = scene.client.emoji.add(name="all_hands", file=scene.write("hands.png", PNG), file_name="hands.png")
    return made.file_id or ""


CALLS = {
    "getFileInfo": lambda scene: scene.client.files.info(scene.file_id),
    "uploadAChatFile": upload,
    "sendChatFile": send,
    "deleteChatFile": delete,
    "listCustomEmojis": lambda scene: scene.client.emoji.custom(search_key="ship"),
    "addACustomEmoji": _emoji,
    "DeleteCustomEmoji": lambda scene: scene.client.emoji.delete(file_id=_emoji(scene)),
}
