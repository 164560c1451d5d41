"""Zips of legal holds by what became of them, over all accounts: the newest version of each."""

from dataclasses import dataclass

from django.db import connection

from archive.capture import windows

_COUNTED = """
    SELECT f.state, f.opening, f.not_before >= %s, count(*)
    FROM archive_holdfile f WHERE f.is_newest GROUP BY 1, 2, 3
    UNION ALL
    SELECT 'custodian', CASE WHEN ended_at IS NOT NULL THEN 'ended' WHEN state = 'gone' THEN 'gone'
        WHEN state = 'failed' THEN 'failed' WHEN listed_at IS NULL THEN 'unlisted' ELSE 'listed' END, false, count(*)
    FROM archive_holdcustodian GROUP BY 2
"""


@dataclass(frozen=True, slots=True)
class HoldZips:
    """Every state, zeros too; the custodians are those of matters at Zoom, and how listing their zips went."""

    waiting: int
    """Not ready at Zoom: nothing that could be had is missing."""
    due: int
    claimed: int
    stored: int
    gone: int
    mismatch: int
    failed: int
    destroyed: int
    """Of released matters, destroyed here under a disposition."""
    given_up: int
    """Of the gone and differing ones: those not asked for any more."""
    unopened: int
    """Here, and still to be opened."""
    partly: int
    refused: int
    """Here, and not opened because that would be dangerous."""
    broken: int
    custodians: int
    custodians_gone: int
    """Zoom no longer knows them, or their matter."""
    custodians_ended: int
    unlisted: int
    """Custodians whose zips were never listed, or whose listing failed: what Zoom has for them is not known."""

    @property
    def total(self) -> int:
        """All but those that were destroyed here."""
        return self.waiting + self.due + self.claimed + self.stored + self.gone + self.mismatch + self.failed

    @property
    def missing(self) -> int:
        """What is not here as it should be, and may still come; custodians never listed count as one each."""
        return (
            self.due + self.claimed + self.gone + self.mismatch + self.failed - self.given_up + self.unlisted
        )


def hold_zips() -> HoldZips:
    """Count them, in one query."""
    counts: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, [windows.NEVER])
        for state, opening, is_over, count in cursor.fetchall():
            names = [f"{state}.{opening}", state]
            if state in ("gone", "mismatch") and is_over:
                names.append("given_up")
            if state != "custodian":
                names.append(f"opening.{opening}")
            for name in names:
                counts[name] = counts.get(name, 0) + count
    return HoldZips(
        **{
            name: counts.get(name, 0)
            for name in (
                "waiting",
                "due",
                "claimed",
                "stored",
                "gone",
                "mismatch",
                "failed",
                "destroyed",
                "given_up",
            )
        },
        unopened=counts.get("opening.due", 0) + counts.get("opening.claimed", 0),
        partly=counts.get("opening.partly", 0),
        refused=counts.get("opening.refused", 0),
        broken=counts.get("opening.broken", 0),
        custodians=counts.get("custodian", 0),
        custodians_gone=counts.get("custodian.gone", 0),
        custodians_ended=counts.get("custodian.ended", 0),
        unlisted=counts.get("custodian.unlisted", 0) + counts.get("custodian.failed", 0),
    )
