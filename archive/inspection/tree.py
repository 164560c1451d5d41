"""The tree over the leaves, computed again, against the tiles and checkpoints that were written.

The walk over the log hands every leaf hash to a `Watch`, in order. It compares each with its tile, each full
tile with the tile above, and the root with every checkpoint of that size, so that the first leaf that is not
what it was is named, not just a root that differs. Checkpoints that all agree with one list of leaves are
consistent with each other.
"""

from pathlib import Path

from archive import keys, log, merkle, notes, publication, verify
from archive.inspection.problems import Findings
from archive.models import Checkpoint, Tile
from archive.tiles import WIDTH, split

CHUNK = 500
UNSIGNED = "leaves not yet signed over"


class Watch:
    """Follows the log leaf by leaf. Memory: one tile a level, one checkpoint, one frontier."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._tree = merkle.Frontier()
        self._levels: list[list[bytes]] = [[]]
        self._numbers: list[int] = [0]
        self._checkpoints = Checkpoint.objects.order_by("size").values_list("size", "root").iterator(CHUNK)
        self._next = next(self._checkpoints, None)
        self._signed = Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0
        self._is_whole = True

    @property
    def size(self) -> int:
        return self._tree.size

    def stop(self) -> None:
        """A leaf is missing: what follows has other places, and no hash can be compared any more."""
        self._is_whole = False

    def see(self, leaf_hash: bytes) -> None:
        """The next leaf."""
        if not self._is_whole:
            return
        self._tree.append(leaf_hash)
        self._levels[0].append(leaf_hash)
        if len(self._levels[0]) == WIDTH:
            self._close(0)
        while self._next is not None and self._next[0] <= self._tree.size:
            self._compare_checkpoint(self._next[0], bytes(self._next[1]))
            self._next = next(self._checkpoints, None)

    def end(self) -> None:
        """The log ends here: what was signed or written beyond is what was cut off."""
        self._findings.count(UNSIGNED, max(0, self._tree.size - self._signed))
        if not self._is_whole:
            return
        while self._next is not None:
            self._findings.add(
                "checkpoint",
                f"size {self._next[0]}",
                f"The log has only {self._tree.size} leaves: its newest were cut off.",
            )
            self._next = next(self._checkpoints, None)
        for level in Tile.objects.order_by("level").values_list("level", flat=True).distinct():
            end = self._tree.size // WIDTH ** (level + 1)
            beyond = Tile.objects.filter(level=level, number__gte=end).order_by("number")
            for number in beyond.values_list("number", flat=True)[: self._findings.keep]:
                self._findings.add("tile", _named(level, number), "It lies beyond the end of the log.")

    def _compare_checkpoint(self, size: int, root: bytes) -> None:
        self._findings.count("checkpoints")
        if root != self._tree.root():
            self._findings.add(
                "checkpoint", f"size {size}", f"The first {size} leaves are not those it was signed for."
            )

    def _close(self, level: int) -> None:
        """A tile is full: compare it, and hand its root to the level above."""
        hashes, number = self._levels[level], self._numbers[level]
        self._compare_tile(level, number, hashes)
        self._levels[level], self._numbers[level] = [], number + 1
        if level + 1 == len(self._levels):
            self._levels.append([])
            self._numbers.append(0)
        self._levels[level + 1].append(merkle.root_of(hashes))
        if len(self._levels[level + 1]) == WIDTH:
            self._close(level + 1)

    def _compare_tile(self, level: int, number: int, hashes: list[bytes]) -> None:
        written = Tile.objects.filter(level=level, number=number).values_list("hashes", flat=True).first()
        if written is None:
            if (number + 1) * WIDTH ** (level + 1) <= self._signed:
                wrong = "It is missing, though a checkpoint was signed over it."
                self._findings.add("tile", _named(level, number), wrong)
            return
        self._findings.count("tiles")
        stored = split(bytes(written))
        if stored == hashes:
            return
        differs = next((n for n, (old, new) in enumerate(zip(stored, hashes, strict=False)) if old != new), 0)
        if level == 0:
            wrong = "It is not the leaf its tile was written with."
            self._findings.add("leaf", f"tile {_named(level, number)}", wrong, leaf=number * WIDTH + differs)
        else:
            wrong = f"Its hash {differs} is not the root of the tile below it."
            self._findings.add("tile", _named(level, number), wrong)


def _named(level: int, number: int) -> str:
    return f"level {level} number {number}"


def check_notes(findings: Findings, published: list[Path]) -> None:
    """Signatures and statements of all checkpoints, in the database and published outside it.

    `published` was listed before the inspection's view of the database began, so that a checkpoint made
    meanwhile is not taken for one that was cut off.
    """
    if len(published) == 0 and not Checkpoint.objects.exists():
        return
    try:
        key = keys.load(may_create=False).verifier
    except keys.KeyUnusable as error:
        findings.add("key", str(keys.path()), str(error))
        return
    for folder in publication.folders():
        beside = folder / "log.vkey"
        if beside.exists() and beside.read_text(errors="replace").strip() != str(key):
            findings.add("key", str(beside), "The key beside the checkpoints is not the log's key of today.")
    checkpoints = Checkpoint.objects.order_by("size").values_list("size", "root", "note")
    for size, root, note in checkpoints.iterator(CHUNK):
        stated = _stated(findings, note, key, place=f"size {size}")
        if stated is not None and (stated.size, stated.root) != (size, bytes(root)):
            findings.add("checkpoint", f"size {size}", "Its columns are not what its signed note states.")
        if not publication.place(size).exists():
            findings.add("checkpoint", str(publication.place(size)), "The published file of it is gone.")
    for file in published:
        findings.count("published checkpoints")
        note = file.read_text(encoding="utf-8", errors="replace")
        check_published(findings, note, key, where=str(file), size=publication.size_of(file))


def check_published(findings: Findings, note: str, key: notes.VerifierKey, *, where: str, size: int) -> None:
    """A checkpoint that went out, against the log; `size` is what its name claims."""
    if Checkpoint.objects.filter(note=note, size=size).exists():
        return
    stated = _stated(findings, note, key, place=where)
    if stated is None:
        return
    leaves = log.size()
    if stated.size > leaves:
        wrong = f"It was signed at {stated.size} leaves, and the log has {leaves}: its newest were cut off."
    elif Checkpoint.objects.filter(size=stated.size).exists():
        wrong = "It was published, and the database has another checkpoint of this size."
    else:
        wrong = "It was published, and the database has it no longer."
    findings.add("checkpoint", where, wrong)


def _stated(findings: Findings, note: str, key: notes.VerifierKey, *, place: str) -> notes.Head | None:
    """What a note states when the log's key signed it."""
    try:
        return verify.checkpoint(note, key=str(key))
    except verify.Refused as error:
        findings.add("checkpoint", place, str(error))
        return None
