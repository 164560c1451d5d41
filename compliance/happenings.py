"""What an event of a matter's trail says, in words that follow the name of who did it. Pure.

A table from the event's action to a sentence of its details. An event of a kind that this release does not know, or
whose details are not what they should be, is still a line: what the trail itself calls it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from archive import readable
from archive.zip_receipts import Receipt
from compliance.models import AuditEvent, Confirmation, Finding
from compliance.models.notices import Channel, NoticeKind

Action = AuditEvent.Action
Details = Mapping[str, Any]
Names = Mapping[int, str]
MOST_NAMES = 12


@dataclass(frozen=True)
class Words:
    """A line, and the reason that was given ("" for none)."""

    line: str
    why: str = ""


def in_words(*, action: str, subject: str, details: Details, names: Names) -> Words:
    """The words of one event; `names` are the matter's custodians, because some events know them by number only."""
    table = _TABLES.get(subject.partition("/")[0], _OF_MATTERS)
    tell = table.get(action)
    try:
        said = None if tell is None else tell(details, names)
    except (KeyError, TypeError, ValueError):
        said = None  # written by another release: the trail's own word for it will do
    return said or Words(
        f"{_label(action)} {subject}", str(details.get("reason") or details.get("why") or "")
    )


def received(receipt: Receipt, *, name: str) -> Words:
    """The words of a zip that came, which its receipt tells of and no event."""
    days = (
        ""
        if None in (receipt.first_day, receipt.last_day)
        else f" of {receipt.first_day} to {receipt.last_day}"
    )
    size, claimed = readable.size(receipt.size), receipt.size_claimed
    differs = (
        ""
        if claimed in (None, receipt.size)
        else f"Zoom had said {claimed:,} bytes, and {receipt.size:,} came"
    )
    return Words(
        f"brought zip {receipt.zip_id} of {name} from Zoom{days}, {size}, SHA-256 {receipt.sha256[:12]}…",
        differs,
    )


def _label(action: str) -> str:
    return Action(action).label if action in Action.values else action


def _people(details: Details, names: Names) -> str:
    """The custodians that an event names: as they were called, as data, or by number."""
    told = []
    for one in details["custodians"]:
        if isinstance(one, Mapping):
            told.append(str(one["name"]))
        else:
            told.append(names.get(one, f"custodian {one}") if isinstance(one, int) else str(one))
    if len(told) > MOST_NAMES:
        return f"{', '.join(told[:MOST_NAMES])} and {len(told) - MOST_NAMES:,} more"
    return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)


def _conversations(details: Details) -> str:
    """The conversations held themselves that an event names, "" for none; with the days where they are limited."""
    told = [f"“{one['name']}”{_days(one)}" for one in details.get("conversations", ())]
    if len(told) == 0:
        return ""
    more = f" and {len(told) - MOST_NAMES:,} more" if len(told) > MOST_NAMES else ""
    return f"the conversation{'' if len(told) == 1 else 's'} {', '.join(told[:MOST_NAMES])}{more}"


def _days(one: Details) -> str:
    since, until = one.get("since"), one.get("until")
    said = " ".join(f"{word} {day}" for word, day in (("from", since), ("to", until)) if day is not None)
    return f" ({said})" if said else ""


def _held_ones(details: Details, names: Names) -> str:
    """People and conversations, as far as there are any."""
    found = (_people(details, names), _conversations(details))
    return ", and ".join(words for words in found if words)


def _opened(details: Details, names: Names) -> Words:
    return Words(f"opened the matter and held {_held_ones(details, names)}", details["reason"])


def _renamed(details: Details, _: Names) -> Words:
    return Words(f"renamed the matter from “{details['from']}” to “{details['to']}”", details["reason"])


def _renamed_at_zoom(details: Details, _: Names) -> Words:
    return Words(f"had Zoom call “{details['to']}” what it called “{details['from']}”")


def _held(details: Details, names: Names) -> Words:
    return Words(f"held {_held_ones(details, names)} from then on")


def _released(details: Details, names: Names) -> Words:
    return Words(
        f"released the matter, so that it holds {_held_ones(details, names)} no more{_lost(details)}"
    )


def _dropped(details: Details, names: Names) -> Words:
    return Words(f"dropped {_held_ones(details, names)}{_lost(details)}")


def _lost(details: Details) -> str:
    """What ended with it, as it was counted then; nothing where it was not."""
    lost = details.get("destroyable")
    if lost is None:
        return ""
    said = " and ".join(_many(lost[name], name[:-1]) for name in ("messages", "files"))
    zips = f"; no longer kept for it: {_many(lost['zips'], 'zip')} from Zoom" if lost.get("zips") else ""
    return f"; what is held by nothing else: {said}{zips}"


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _added_member(details: Details, _: Names) -> Words:
    if details.get("joined_without_an_officer"):
        return Words("took the matter up, which had no officer any more", details["reason"])
    return Words(f"made {details['member']} a member")


def _removed_member(details: Details, _: Names) -> Words:
    return Words(f"took {details['member']} off the matter")


def _held_at_zoom(details: Details, names: Names) -> Words:
    return Words(f"placed the hold of {_people(details, names)} at Zoom, as {details['name']}")


def _released_at_zoom(details: Details, _: Names) -> Words:
    gone = ", where it was gone already" if details["was_gone_already"] else ""
    return Words(f"ended {details['name']} at Zoom{gone}")


def _refused(details: Details, names: Names) -> Words:
    if "renaming" in details:
        return Words(f"could not have Zoom call it {details['renaming']}", details["reason"])
    if details.get("by") == "Zoom":
        return Words(f"could not have Zoom hold {_people(details, names)}", details["reason"])
    return Words(f"was refused to {details['wanted']}")


def _handed(details: Details, _: Names) -> Words:
    what = {"search": "saved search", "list": "frozen list"}[details["put"].partition("/")[0]]
    was = f", which was {details['of'].replace('/', ' ')}," if details["of"] is not None else ""
    held = "all of them held" if details["beyond"] == 0 else f"{details['beyond']:,} of them not held by it"
    return Words(
        f"put the {what} “{details['name']}”{was} into the matter: {_many(details['messages'], 'message')}, {held}"
    )


def _started(details: Details, names: Names) -> Words:
    if "names_asked_again" in details:
        return Words(f"asked Zoom again for the name {' and '.join(details['names_asked_again'])}")
    if "asked_again" in details:
        return Words(f"asked Zoom again for {_people(details, names)}")
    if "notice" in details:
        return Words(f"had {_notice(details, names)} sent{' again' if details.get('again') else ''}")
    return Words(f"started {details['what']}")


def _changed(details: Details, names: Names) -> Words:
    if "placed_again" in details:
        return Words(
            f"had {_people(details, names)} placed at Zoom again, instead of {details['instead_of']}"
        )
    if "superior" in details:
        who = names.get(details["custodian"], "a custodian")
        return Words(
            f"named {details['superior']} ({details['email']}) to be told when {who} does not answer"
        )
    changed = ", ".join(name.replace("_", " ") for name in details["notices"])
    return Words(f"changed how custodians are told: {changed}")


def _notice(details: Details, names: Names) -> str:
    kind = NoticeKind(details["kind"]).label
    article = "an" if kind[0] in "aeiou" else "a"
    return f"{article} {kind} about {names.get(details['custodian'], 'a custodian')}"


def _prepared(details: Details, names: Names) -> Words:
    return Words(f"prepared {_notice(details, names)}", details.get("why", ""))


def _sent(details: Details, names: Names) -> Words:
    return Words(f"sent {_notice(details, names)} by {Channel(details['channel']).label} to {details['to']}")


def _not_sent(details: Details, names: Names) -> Words:
    return Words(f"could not send {_notice(details, names)}", details["why"])


def _discarded(details: Details, names: Names) -> Words:
    return Words(f"discarded {_notice(details, names)}", details["why"])


def _acknowledged(details: Details, _: Names) -> Words:
    return Words(f"acknowledged the hold notice, by the link that {details['custodian_name']} was sent")


def _finding(details: Details) -> str:
    return Finding.Kind(details["kind"]).label


def _found(details: Details, _: Names) -> Words:
    return Words(f"found: {_finding(details)}")


def _over(details: Details, _: Names) -> Words:
    return Words(f"found no more: {_finding(details)}")


def _dealt_with(details: Details, _: Names) -> Words:
    return Words(f"wrote what was done about: {_finding(details)}", details["reason"])


def _confirmed(details: Details, _: Names) -> Words:
    setting = Confirmation.Setting(details["setting"]).label
    return Words(
        f"said of Zoom’s setting “{setting}”: {'so' if details['is_so'] else 'not so'}", details["words"]
    )


def _looked(details: Details, _: Names) -> Words:
    if details.get("at") == "Zoom":
        return Words("had Zoom asked what its holds depend on")
    return Words(f"looked at its {details['at']} page" if details.get("at") else "looked at it")


def _request(verb: str, why: str = "") -> Callable[[Details, Names], Words]:
    """The words of one step of a request, and which detail says why."""
    return lambda details, _: Words(f"{verb}: {details['title']}", str(details.get(why) or ""))


def _ended(details: Details, _: Names) -> Words:
    return Words(f"ended a request as {details['state']}: {details['title']}", details["words"])


_OF_MATTERS: dict[str, Callable[[Details, Names], Words]] = {
    Action.OPENED: _opened,
    Action.RENAMED: _renamed,
    Action.RENAMED_AT_ZOOM: _renamed_at_zoom,
    Action.HELD: _held,
    Action.RELEASED: _released,
    Action.DROPPED: _dropped,
    Action.ADDED_MEMBER: _added_member,
    Action.REMOVED_MEMBER: _removed_member,
    Action.HELD_AT_ZOOM: _held_at_zoom,
    Action.RELEASED_AT_ZOOM: _released_at_zoom,
    Action.REFUSED: _refused,
    Action.STARTED: _started,
    Action.STOPPED: lambda details, _: Words(f"stopped {details['what']}"),
    Action.CHANGED: _changed,
    Action.PREPARED: _prepared,
    Action.SENT: _sent,
    Action.NOT_SENT: _not_sent,
    Action.REMOVED: _discarded,
    Action.ACKNOWLEDGED: _acknowledged,
    Action.FOUND: _found,
    Action.CLEARED: _over,
    Action.DEALT_WITH: _dealt_with,
    Action.CONFIRMED: _confirmed,
    Action.HANDED: _handed,
    Action.LOOKED: _looked,
}
_OF_REQUESTS: dict[str, Callable[[Details, Names], Words]] = {
    Action.ASKED: _request("asked for a second person", "reason"),
    Action.APPROVED: _request("approved"),
    Action.TURNED_DOWN: _request("refused", "words"),
    Action.WITHDREW: _request("withdrew", "words"),
    Action.CARRIED_OUT: _request("carried out"),
    Action.ENDED: _ended,
    Action.REFUSED: lambda details, _: Words(f"was refused to {details['wanted']}"),
    Action.LOOKED: lambda _, __: Words("looked at the request"),
    Action.STOPPED: lambda details, _: Words(f"stopped {details['what']}: {details['title']}"),
    Action.STARTED: lambda details, _: Words(f"began {details['what']} anew: {details['title']}"),
}


def _exported(details: Details, _: Names) -> Words:
    if details.get("making"):
        return Words(f"had the export “{details['title']}” made")
    return Words(f"asked for the export “{details['title']}”", details["reason"])


def _measured(details: Details, _: Names) -> Words:
    messages = _many(details["contents"]["messages"], "message")
    return Words(f"measured the export “{details['title']}”: {messages}")


def _made(details: Details, _: Names) -> Words:
    again = " again" if details["again"] else ""
    return Words(f"made the export “{details['title']}”{again}: {_many(len(details['parts']), 'file')}")


def _taken(details: Details, _: Names) -> Words:
    if details.get("form") == "pdf":
        return Words("took the certificate of an export")
    return Words(f"began to take {details['name']}, from byte {details['from']:,} of {details['of']:,}")


def _given(details: Details, _: Names) -> Words:
    how = "to its end" if details["is_whole"] else "and broke off"
    return Words(f"took {details['bytes']:,} bytes of {details['name']} {how}")


def _export_over(details: Details, _: Names) -> Words:
    return Words(f"ended the export “{details['title']}” as {details['state']}", details["words"])


_OF_EXPORTS: dict[str, Callable[[Details, Names], Words]] = {
    Action.STARTED: _exported,
    Action.MEASURED: _measured,
    Action.MADE: _made,
    Action.DOWNLOADED: _taken,
    Action.SENT: _given,
    Action.EXPIRED: lambda details, _: Words(
        f"removed the files of the export “{details['title']}”, which expired"
    ),
    Action.ENDED: _export_over,
    Action.WITHDREW: _export_over,
    Action.REFUSED: lambda details, _: Words(f"was refused to {details['wanted']}"),
    Action.LOOKED: lambda _, __: Words("looked at an export"),
}
_OF_ZIPS: dict[str, Callable[[Details, Names], Words]] = {
    Action.DESTROYED: lambda details, _: Words(
        f"destroyed zip {details['zip']} from Zoom under disposition {details['disposition']}"
    ),
    Action.REFUSED: lambda details, _: Words(
        f"was refused to destroy zip {details['zip']} under disposition {details['disposition']}",
        details["why"],
    ),
}
_TABLES = {"request": _OF_REQUESTS, "export": _OF_EXPORTS, "zip": _OF_ZIPS, "disposition": _OF_ZIPS}
"""By the first word of an event's subject; whatever has none is told as a matter's own."""
