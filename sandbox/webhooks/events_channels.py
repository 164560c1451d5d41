"""Events about channels: made, changed, archived, joined and left; invitations, requests and their answers.

Each function makes the `object` of a payload. Of a channel whose owner is outside the account neither the
organisation nor the channel is shown in invitations and requests.
"""

from sandbox.clock import iso
from sandbox.people import Person
from sandbox.webhooks import parts
from sandbox.webhooks.occasion import Fields, Occasion


def settings(occasion: Occasion) -> Fields:
    """A channel that was updated, deleted, joined, left, archived or brought back."""
    return {**parts.channel(occasion.channel), **parts.when(occasion.at)}


def with_members(occasion: Occasion) -> Fields:
    """A channel that was created, or that people were invited to or removed from."""
    return {**settings(occasion), "members": parts.members(occasion.people)}


def apps(occasion: Occasion) -> Fields:
    """A channel that apps were added to or removed from."""
    found = occasion.channel
    return {
        "channel_name": found.name,
        "channel_id": found.id,
        "type": found.type,
        **parts.when(occasion.at),
        "app_members": parts.members(occasion.people),
    }


def invitation(occasion: Occasion) -> Fields:
    """An invitation that was made, accepted, declined or taken back: who is invited, and by whom."""
    invitee = occasion.contact
    return {
        **_owner_and_channel(occasion),
        "invitee": {
            "display_name": invitee.display_name,
            "user_email": invitee.shown_email or "",
            "member_id": invitee.member_id,
        },
        "inviters": [{**parts.user(one), "date_created": _since(occasion)} for one in _inviters(occasion)],
        **parts.when(occasion.at),
    }


def rejected_invitation(occasion: Occasion) -> Fields:
    """The same, where an inviter's user id is published under another name."""
    inviters = [
        {
            "id": one.shown_id,
            "display_name": one.display_name,
            "user_email": one.shown_email or "",
            "member_id": one.member_id,
            "date_created": _since(occasion),
        }
        for one in _inviters(occasion)
    ]
    return {**invitation(occasion), "inviters": inviters}


def judged_invitation(occasion: Occasion) -> Fields:
    """An invitation that an administrator approved or declined; `type` tells of which account."""
    return {**invitation(occasion), "type": _kind(occasion, "by_channel_owner_account_admin")}


def invitation_to_judge(occasion: Occasion) -> Fields:
    """An invitation that waits for somebody's approval; `type` tells whose."""
    return {
        **invitation(occasion),
        "invitee": parts.user(occasion.contact),
        "type": _kind(occasion, "to_channel_account_admin"),
    }


def request(occasion: Occasion) -> Fields:
    """Somebody asks to be let in."""
    return {
        **_owner_and_channel(occasion),
        "requester": parts.user(occasion.contact),
        **parts.when(occasion.at),
    }


def judged_request(occasion: Occasion) -> Fields:
    """A request that was approved or declined; `type` tells by whom."""
    return {**request(occasion), "type": _kind(occasion, "by_channel_owner")}


def request_to_judge(occasion: Occasion) -> Fields:
    """A request that waits for somebody's approval; `type` tells whose."""
    return {**request(occasion), "type": _kind(occasion, "to_channel_owner")}


def _owner_and_channel(occasion: Occasion) -> Fields:
    owner = occasion.world.people[occasion.channel.owner_id]
    if owner.external:
        return {}
    return {
        "organization": {"org_id": occasion.account_id, "org_name": _organisation(owner)},
        "channel": parts.named_channel(occasion.channel),
    }


def _organisation(owner: Person) -> str:
    """The account's name: its mail domain, without the last part."""
    domain = (owner.email or "").rpartition("@")[2]
    return domain.rpartition(".")[0].title() or "Organization"


def _inviters(occasion: Occasion) -> list[Person]:
    found = occasion.people
    return found if found else [occasion.by]


def _since(occasion: Occasion) -> str:
    invited_at = occasion.fields.get("invited_at")
    return iso(invited_at if isinstance(invited_at, int) else occasion.at)


def _kind(occasion: Occasion, usual: str) -> str:
    return occasion.text("type") if occasion.has("type") else usual
