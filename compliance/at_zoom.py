"""The one module of the console that changes anything at Zoom.

What goes wrong is said in three ways, by what it means for trying again: `Refused` (Zoom will not do it), `NotNow` (it was
not done; try later), `Unclear` (it may have been done; look before it is done again). Each has a sentence for people,
without any text of a message.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from archive import gateway
from zoom import errors

OWN_USER = "me"
LONGEST_CHAT = 1024
"""Characters that a chat message takes."""


class Refused(Exception):
    """Zoom will not do it, and why."""


class Unknown(Refused):
    """Zoom knows nobody, or nothing, of that name."""


class NotNow(Exception):
    """It was surely not done; `retry_at` is when Zoom takes requests again, None: unknown."""

    def __init__(self, words: str, *, retry_at: datetime | None = None) -> None:
        super().__init__(words)
        self.retry_at = retry_at


class Unclear(Exception):
    """No good reply came: it may have been done."""


def send_chat(*, account_id: int, sender: str, contact: str, text: str) -> str:
    """Write to somebody in their own chat, as `sender` (a user of the account); the message's id at Zoom."""
    with _asking(), gateway.client_of(account_id) as zoom:
        return zoom.messages.send(user_id=sender or OWN_USER, to_contact=contact, message=text)


def find_chat(
    *, account_id: int, sender: str, contact: str, holding: str, since: datetime, until: datetime
) -> str | None:
    """The id of the message to somebody that holds a mark of ours, said between two moments; None: there is none."""
    with _asking(), gateway.client_of(account_id) as zoom:
        pages = zoom.messages.list(user_id=sender or OWN_USER, to_contact=contact, start=since, end=until)
        for page in pages:
            for said in page.records:
                if said.id is not None and holding in (said.message or ""):
                    return said.id
    return None


def create_matter(
    *, account_id: int, name: str, identifiers: Sequence[str], start: date | None, end: date | None
) -> str:
    """Place a hold on 1 to 20 user ids or addresses; the matter's id at Zoom. Unknown: one of them is nobody there."""
    with _asking(), gateway.client_of(account_id) as zoom:
        return zoom.legal_hold.create(name=name, identifiers=identifiers, start=start, end=end)


def find_matter(*, account_id: int, name: str) -> str | None:
    """The id of the matter of exactly that name; None: there is none."""
    with _asking(), gateway.client_of(account_id) as zoom:
        for page in zoom.legal_hold.matters():
            for matter in page.records:
                if matter.matter_name == name and matter.matter_id is not None:
                    return matter.matter_id
    return None


def name_of_matter(*, account_id: int, zoom_id: str) -> str | None:
    """What Zoom calls a matter; None: it is not there."""
    with _asking(), gateway.client_of(account_id) as zoom:
        for page in zoom.legal_hold.matters():
            for matter in page.records:
                if matter.matter_id == zoom_id:
                    return matter.matter_name
    return None


def rename_matter(*, account_id: int, zoom_id: str, name: str) -> None:
    """Have Zoom call a matter otherwise, in at most 128 characters. Unknown: it is not there any more."""
    with _asking(), gateway.client_of(account_id) as zoom:
        zoom.legal_hold.rename(matter_id=zoom_id, name=name)


def delete_matter(*, account_id: int, zoom_id: str) -> None:
    """End a hold at Zoom. Unknown: it was not there any more."""
    with _asking(), gateway.client_of(account_id) as zoom:
        zoom.legal_hold.delete(matter_id=zoom_id)


def retention_of(*, account_id: int, channel_id: str) -> str | None:
    """The period a channel keeps messages for (`7y`); None where it follows the account's rule. Unknown: it is gone.

    Refused: Zoom tells nothing of it, as of group chats and archived channels.
    """
    with _asking(), gateway.client_of(account_id) as zoom:
        cloud = zoom.account_channels.retention(channel_id=channel_id).cloud_retention
    if cloud is None or cloud.enable_custom_retention is None:
        raise Refused("Zoom does not say how long the channel keeps messages.")
    return cloud.retention_period if cloud.enable_custom_retention else None


def set_retention(*, account_id: int, channel_id: str, period: str) -> None:
    """Have a channel keep messages for a period of its own. What is older is deleted at Zoom, for good."""
    with _asking(), gateway.client_of(account_id) as zoom:
        zoom.account_channels.set_retention(channel_id=channel_id, enabled=True, period=period)


@contextmanager
def _asking() -> Iterator[None]:
    try:
        yield
    except errors.RateLimited as error:
        raise NotNow("Zoom takes no more requests for the moment.", retry_at=error.retry_at) from error
    except errors.NotFound as error:
        raise Unknown(f"Zoom does not know it: {error}") from error
    except errors.InvalidParameter as error:
        raise Refused(f"Zoom would refuse it: {error.parameter}: {error.bound}") from error
    except (errors.Unavailable, errors.UnexpectedReply) as error:
        # A reply that cannot be read is one all the same: Zoom may have done what was asked.
        if error.began:
            raise Unclear(f"Zoom gave no good reply: {error}") from error
        raise NotNow(f"Zoom could not be asked: {error}") from error
    except errors.ZoomError as error:
        if error.retryable:
            raise NotNow(f"Zoom did not do it yet: {error}") from error
        raise Refused(f"Zoom refused it: {error}") from error
    except gateway.NoAccount as error:
        raise Refused(str(error)) from error
