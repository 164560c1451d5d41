"""Calls of the tag Reports."""

from __future__ import annotations

from tests.conformance.scene import MONTH, Scene


def messages(scene: Scene) -> None:
    """As they stand, and then the late changes."""
    for modifications in (False, True):
        found = scene.client.reports.messages(
            session_id=scene.general.session_id, modifications=modifications, **MONTH
        )
        assert sum(len(page.sent) + len(page.edited) for page in found) > 0


CALLS = {
    "reportChatSessions": lambda scene: scene.client.reports.sessions(**MONTH),
    "reportChatMessages": messages,
}
