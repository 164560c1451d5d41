"""Legal hold matters at Zoom: whose zips to ask for. Matters and zips are kept as observed; nothing is changed."""

from collections.abc import Iterable, Iterator

from zoom.records.legal_hold import MatterRecord


def custodians(matters: Iterable[MatterRecord]) -> Iterator[tuple[str, str]]:
    """Every matter and custodian that zips can be listed for: the matter's id, and a user id or e-mail."""
    for matter in matters:
        if matter.matter_id is None:
            continue
        for user in matter.matter_users:
            identifier = user.user_id or user.email
            if identifier:
                yield matter.matter_id, identifier
