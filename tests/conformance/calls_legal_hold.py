"""Calls of the tag Legal Hold."""

from __future__ import annotations

from datetime import date

from tests.conformance.scene import Scene


def _matter(scene: Scene) -> str:
    return scene.client.legal_hold.create(
        name="Northwind", identifiers=[scene.ines.id, scene.ravi.email or ""], start=date(2026, 3, 1)
    )


def create(scene: Scene) -> None:
    """With both ends."""
    scene.client.legal_hold.create(
        name="Northwind", identifiers=[scene.ines.id], start=date(2026, 5, 1), end=date(2026, 6, 30)
    )


def matters(scene: Scene) -> None:
    """One that ends and one that goes on."""
    create(scene)
    _matter(scene)
    (page,) = scene.client.legal_hold.matters()
    assert len(page.records) == 2


def files(scene: Scene) -> None:
    """The zips of one custodian."""
    (page,) = scene.client.legal_hold.files(matter_id=_matter(scene), identifier=scene.ines.id)
    assert len(page.records) > 0


def download(scene: Scene) -> None:
    """The first zip that is ready, a while after the hold began."""
    matter_id = _matter(scene)
    scene.world.clock.advance(seconds=600)
    (page,) = scene.client.legal_hold.files(matter_id=matter_id, identifier=scene.ines.id)
    key = next(one.file_key for one in page.records if one.ready_for_download)
    scene.client.legal_hold.download(matter_id=matter_id, file_key=key or "", to=scene.folder / "hold.zip")


CALLS = {
    "listLegalHoldMatters": matters,
    "addLegalHoldMatter": create,
    "updateLegalHoldMatter": lambda scene: scene.client.legal_hold.rename(
        matter_id=_matter(scene), name="Southwind"
    ),
    "deleteLegalHoldMatters": lambda scene: scene.client.legal_hold.delete(matter_id=_matter(scene)),
    "listLegalHoldFiles": files,
    "downloadLegalHoldFiles": download,
}
