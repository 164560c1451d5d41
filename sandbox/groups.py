"""Groups of the company directory, as the world holds them.

A group names people; it is no conversation, and being in one says nothing of any channel until the group is
added to that channel.
"""

from dataclasses import dataclass, field


@dataclass(slots=True)
class ImGroup:
    """People of the account under one name.

    `type` says who sees the group and its members in the directory, the flags whom its members may search for:
    people of the account, of their own e-mail domain, of the master account.
    """

    id: str
    name: str
    type: str = "normal"
    member_ids: list[str] = field(default_factory=list)
    search_by_account: bool = True
    search_by_domain: bool = True
    search_by_ma_account: bool = True
