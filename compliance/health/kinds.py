"""What can be found, as data: the sentences about each kind, and whether words alone end it.

A change that has happened (a channel has another owner) cannot be undone, so it is over once somebody wrote what it
means. A condition (a matter is missing) is over when it has ended and somebody wrote what was done.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from compliance.models import Finding

Kind = Finding.Kind


@dataclass(frozen=True)
class Sort:
    """What is said of one kind: what was found (filled with a finding's facts), what it means, what to do."""

    what: str
    means: str
    do: str
    words_suffice: bool = False
    can_be_placed_again: bool = False


_STAYS_HERE = "What Holdfast has captured stays held here."
_ITSELF = "which this matter holds as a conversation"

SORTS: dict[Kind, Sort] = {
    Kind.MATTER_MISSING: Sort(
        "Zoom no longer lists the matter {zoom_id} (“{zoom_name}”), which held {custodians}.",
        "At Zoom nothing stops these custodians’ messages from being deleted, and no new hold zips are made. "
        + _STAYS_HERE,
        "Place it at Zoom again, and find out in Zoom’s admin activity log who deleted it.",
        can_be_placed_again=True,
    ),
    Kind.CUSTODIAN_MISSING: Sort(
        "The matter {zoom_id} (“{zoom_name}”) at Zoom no longer names {custodian}.",
        "At Zoom nothing stops this custodian’s messages from being deleted. " + _STAYS_HERE,
        "Place it at Zoom again, for this custodian, and find out at Zoom what happened to the user.",
        can_be_placed_again=True,
    ),
    Kind.STRANGER: Sort(
        "The matter {zoom_id} (“{zoom_name}”) at Zoom also names {stranger}, who is no custodian of it here.",
        "Zoom keeps messages of somebody whom nobody put on hold here. No hold is weakened by it.",
        "Find out whether the user’s id or address changed, or whether they should be a custodian.",
        words_suffice=True,
    ),
    Kind.NOT_PLACED: Sort(
        "{custodians}: not held at Zoom. {reason}",
        "Zoom may delete their messages before Holdfast has captured them. " + _STAYS_HERE,
        "Remove what stands in the way; Holdfast goes on trying where Zoom has not refused.",
    ),
    Kind.DEACTIVATED: Sort(
        "The Zoom user of {custodian} is deactivated.",
        "They write nothing more. If the user is deleted, Zoom may delete what it keeps of them.",
        "Make sure that the user is not deleted at Zoom while the hold lasts, and that every day was captured.",
        words_suffice=True,
    ),
    Kind.LEFT: Sort(
        "Zoom’s company directory no longer has {custodian}.",
        "The user was deleted, or has another address. Zoom may delete what it keeps of a deleted user. "
        + _STAYS_HERE,
        "Ask the administrators at Zoom what happened, and whether the user’s data was transferred.",
        words_suffice=True,
    ),
    Kind.RETENTION_SHORT: Sort(
        "“{channel}”, {held}, keeps messages for {now} only. Before: {before}.",
        "Messages can be gone before they are captured, and Zoom’s own hold does not work reliably below seven days.",
        "Lengthen the retention of the channel at Zoom to seven days or more, and check that every day was captured.",
    ),
    Kind.RETENTION_CHANGED: Sort(
        "The retention of “{channel}”, {held}, is now {now}. Before: {before}.",
        "Zoom deletes what no custodian wrote there sooner than when the hold began, or by a rule that its API does not "
        "tell. " + _STAYS_HERE,
        "Ask the channel’s owner why, set it back at Zoom, or write down why it may stay.",
        words_suffice=True,
    ),
    Kind.OWNER_CHANGED: Sort(
        "“{channel}”, {held}, belongs to {now} now. Before: {before}.",
        "The owner can shorten the channel’s retention and delete it.",
        "Tell the new owner about the hold if they may know of it, and write down who did.",
        words_suffice=True,
    ),
    Kind.CHANNEL_GONE: Sort(
        "“{channel}”, {held}, was deleted at Zoom.",
        "Its messages can no longer be read in it. " + _STAYS_HERE,
        "Check below that every day of it was captured, and find out who deleted it.",
        words_suffice=True,
    ),
    Kind.MEMBERS: Sort(
        "Zoom does not tell Holdfast who is in {channels}.",
        "A custodian who joined there before the record of joins and leaves begins, and never wrote anything there, is not "
        "known to be a member: what they received there is not held.",
        "Hold those channels themselves as well where that matters, or have somebody of the account become their owner, "
        "and write down which.",
        words_suffice=True,
    ),
    Kind.ZIP_MISSING: Sort(
        "{zips} of the matter {zoom_id} (“{zoom_name}”) {are} not here as Zoom described {them}: {which}. {reason}",
        "What Zoom collected for the hold is at Zoom alone, or damaged. What Holdfast captured itself stays held here.",
        "See on the “Files at Zoom” page which and why; it is tried again by itself where that can help. Download it at Zoom "
        "by hand where it cannot.",
    ),
    Kind.ZIP_LATE: Sort(
        "Zoom has listed {zips} of the matter {zoom_id} (“{zoom_name}”) for days and not made {them} ready: {which}.",
        "What Zoom collected for the hold cannot be had yet. " + _STAYS_HERE,
        "Ask Zoom’s support for the zip. It is looked for every hour.",
    ),
    Kind.ZIP_DIFFERS: Sort(
        "{zips} of the matter {zoom_id} (“{zoom_name}”) and the reports do not have the same messages: {which}. "
        "{unreported} only in the zip, {not_in_zip} only in the reports.",
        "One of two records that should be the same is not complete: the zip may have what capture missed, or lack what "
        "it captured. Both are kept.",
        "Compare them on the “Files at Zoom” page, and write down why they differ.",
        words_suffice=True,
    ),
    Kind.ZIPS_UNLISTED: Sort(
        "Zoom does not say which zips there are for {which} in the matter {zoom_id} (“{zoom_name}”). {reason}",
        "Zips that Zoom made for them, if any, are not brought here.",
        "See on the “Files at Zoom” page why; it is asked again by itself.",
    ),
    Kind.BEHIND: Sort(
        "Capture of {account} is complete to {to} only.",
        "What was said since then is not in the archive, so nothing here holds it.",
        "See on the Capture page what is in its way; check that beat and a worker run.",
    ),
    Kind.BROKEN: Sort(
        "{windows} months of {whose} cannot be read to their end, from {first_day} on.{lost}",
        "Messages of these days may be missing here, and fall off Zoom’s reports after six months. {reason}",
        "See on the Capture page which and why.",
    ),
    Kind.SCOPES: Sort(
        "The app of {account} may no longer {feature}.",
        "{without}",
        "{advice}",
    ),
    Kind.NO_TOKEN: Sort(
        "Zoom gives {account} no token. {reason}",
        "Nothing is captured and nothing that holds depend on can be looked at.",
        "Connect the account again with the right credentials.",
    ),
    Kind.ACCOUNT_OFF: Sort(
        "{account} is switched off in Holdfast.",
        "Nothing is captured and nothing that holds depend on is looked at.",
        "Switch the account on again.",
    ),
    Kind.NOT_READ: Sort(
        "{rows} of {of} not read as they should be: {label}. Last read: {last_read}.",
        "What changed there since then is not known. {reason}",
        "Remove what stands in the way; it is read again by itself.",
    ),
    Kind.SETTING: Sort(
        "{by} looked at Zoom on {at}: not so is “{setting}”.",
        "Zoom’s own hold does not work reliably like this, and messages may be gone before they are captured.",
        "Change the setting at Zoom and confirm it below.",
    ),
}


def told(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What fills the sentences about a finding: its facts, and in words how what they are about is held.

    Said when it is read, since a finding is never rewritten: one of an older release knows of custodians alone.
    """
    filled = dict(facts)
    ways = [_ITSELF] if facts.get("as_conversation") else []
    ways += [f"where {facts['custodians']} took part"] if facts.get("custodians") else []
    if ways:
        filled["held"] = " and ".join(ways)
    if "conversation" in facts:
        filled["whose"] = f"“{facts['conversation']}”, {_ITSELF},"
    elif "custodian" in facts:
        filled["whose"] = f"conversations with {facts['custodian']}"
    return filled
