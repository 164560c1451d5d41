"""Groups of the company directory, as the world holds them.

A group names people; it is no conversation, and being in one says nothing of any channel until the group is
added to that channel.
"""

from dataclasses import dataclass, field


@dataclass(slots=True)
class ImGroup:
    """People of the account under one name; `type` says who may see whom in the directory."""

    id: str
    name: str
    type: str = "normal"
    member_ids: list[str] = field(default_factory=list)
