"""What an inspection finds: problems, each with its place and a sentence, and what was looked at."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it must be."""

    kind: str
    """What it is: revision, blob, leaf, tile, checkpoint, message, day count, search index, ..."""
    row: str
    """Where it is: a table's row, a tile, a file."""
    leaf: int | None
    """Index in the log; None for what has none."""
    wrong: str
    """A sentence."""

    def __str__(self) -> str:
        place = self.row if self.leaf is None else f"{self.row}, leaf {self.leaf}"
        return f"{self.kind} ({place}): {self.wrong}"


@dataclass(slots=True)
class Findings:
    """The problems in the order they were met, the first one first, and how much was looked at.

    Of one sort only so many are kept, so that memory stays constant however much is broken; all are counted.
    """

    keep: int = 20
    problems: list[Problem] = field(default_factory=list)
    counted: int = 0
    figures: dict[str, int] = field(default_factory=dict)
    _kept: dict[str, int] = field(default_factory=dict)

    def add(self, kind: str, row: str, wrong: str, *, leaf: int | None = None) -> None:
        self.counted += 1
        self._kept[kind] = self._kept.get(kind, 0) + 1
        if self._kept[kind] <= self.keep:
            self.problems.append(Problem(kind, row, leaf, wrong))

    def has(self, kind: str) -> bool:
        """Whether something of this sort is wrong."""
        return kind in self._kept

    def count(self, figure: str, number: int = 1) -> None:
        self.figures[figure] = self.figures.get(figure, 0) + number
