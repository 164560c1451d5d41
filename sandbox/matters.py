"""Legal hold matters as the service keeps them, and the zips made for them."""

from dataclasses import dataclass, field
from datetime import date

from sandbox.files import Content


@dataclass(slots=True)
class Part:
    """One zip of a hold."""

    file_key: str
    name: str
    first: date
    last: date
    ready: bool
    file_count: int
    content: Content
    listed_size: int | None = None  # when it is not the true one

    def row(self, *, ready: bool) -> dict[str, object]:
        """The zip as the list of files shows it."""
        return {
            "file_key": self.file_key,
            "file_count": self.file_count,
            "file_start_date": self.first.isoformat(),
            "file_end_date": self.last.isoformat(),
            "ready_for_download": ready,
            "total_file_size": self.content.size if self.listed_size is None else self.listed_size,
        }


@dataclass(slots=True)
class Matter:
    """A hold on up to twenty people over a span of days; only its name can change."""

    id: str
    name: str
    person_ids: list[str]
    created_at: int
    start: date
    end: date | None
    parts: dict[str, Part] = field(default_factory=dict)
    planted: dict[str, list[Part]] = field(default_factory=dict)  # by person
