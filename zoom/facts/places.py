"""Where something was said: with a contact (e-mail, user id or member id) or in a channel (its id)."""

from zoom.facts.rows import Given, check_one_place


class InOnePlace(Given, frozen=True, kw_only=True):
    """Exactly one of the two."""

    to_contact: str | None = None
    to_channel: str | None = None

    def __post_init__(self) -> None:
        check_one_place(self.to_contact, self.to_channel)


def check_no_two_places(to_contact: str | None, to_channel: str | None) -> None:
    """Neither stands for everywhere; both would be two questions at once."""
    if to_contact is not None and to_channel is not None:
        raise ValueError("to_contact, to_channel: name at most one of them")
