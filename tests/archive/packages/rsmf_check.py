"""What RSMF readers require beyond the published schema, checked on the bytes alone and by nothing of the writer's."""

import email
import email.policy
import io
import json
import zipfile
from datetime import datetime
from email.message import EmailMessage
from typing import Any

MOST_EVENTS = 10_000
MOST_BYTES = 2_000_000_000


def opened(raw: bytes) -> tuple[EmailMessage, dict[str, Any], dict[str, bytes]]:
    """The mail, its manifest, and the other members of its zip."""
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    attachments = [part for part in mail.walk() if part.get_content_disposition() == "attachment"]
    assert [part.get_filename() for part in attachments] == ["rsmf.zip"]
    assert attachments[0]["Content-Transfer-Encoding"] == "base64"
    assert [part.defects for part in mail.walk() if part.defects] == []
    with zipfile.ZipFile(io.BytesIO(attachments[0].get_content())) as packed:
        assert packed.testzip() is None
        members = {name: packed.read(name) for name in packed.namelist()}
        assert len(members) == len(packed.namelist())
        assert all("/" not in name and "\\" not in name and name.isascii() for name in members)
    return mail, json.loads(members.pop("rsmf_manifest.json")), members


def troubles(raw: bytes) -> list[str]:
    """Everything a reader would stumble over, in words; empty when there is nothing."""
    too_large = [] if len(raw) <= MOST_BYTES else ["larger than 2 GB"]
    return too_large + of_manifest(*opened(raw))


def of_manifest(mail: EmailMessage, manifest: dict[str, Any], members: dict[str, bytes]) -> list[str]:
    """The same of what is inside."""
    found = _headers(mail, manifest) + _references(manifest) + _times(manifest)
    return found + _files(manifest, members)


def _headers(mail: EmailMessage, manifest: dict[str, Any]) -> list[str]:
    events = manifest["events"]
    stamps = [event["timestamp"] for event in events]
    files = [file for event in events for file in event.get("attachments", [])]
    expected = {
        "Version": "2.0.0",
        "EventCount": str(len(events)),
        "AttachmentCount": str(len(files)),
        "BeginDate": min(stamps),
        "EndDate": max(stamps),
        "EventCollectionID": manifest["eventcollectionid"],
    }
    found = [
        f"header {name} is {mail[f'X-RSMF-{name}']}, not {value}"
        for name, value in expected.items()
        if mail[f"X-RSMF-{name}"] != value
    ]
    for name in ("From", "To", "Subject", "Date", "X-RSMF-Participants"):
        if len(mail.get_all(name, [])) != 1:
            found.append(f"{len(mail.get_all(name, []))} headers {name}")
    if len(mail["From"].addresses) != 1:
        found.append("not one sender")
    if mail["Bcc"] is not None or mail["X"] is not None or mail["X-RSMF-Custodian"] is not None:
        found.append("a header too many")
    return found


def _references(manifest: dict[str, Any]) -> list[str]:
    people = [person["id"] for person in manifest["participants"]]
    conversations = [conversation["id"] for conversation in manifest["conversations"]]
    events = [event["id"] for event in manifest["events"]]
    found = [
        f"{kind} named twice"
        for kind, ids in (("person", people), ("event", events))
        if len(ids) != len(set(ids))
    ]
    named = [(key, "participants") for one in manifest["conversations"] for key in one["participants"]]
    before: set[str] = set()
    for event in manifest["events"]:
        if event["conversation"] not in conversations:
            found.append(f"event {event['id']} is of no conversation")
        if "parent" in event and event["parent"] not in before:
            found.append(f"event {event['id']} answers nothing before it")
        before.add(event["id"])
        named += [(event[key], key) for key in ("participant",) if key in event]
        named += [(edit["participant"], "edit") for edit in event.get("edits", [])]
        for reaction in event.get("reactions", []):
            named += [(key, "reaction") for key in reaction.get("participants", [])]
            if len(reaction["value"]) > 30:
                found.append("a reaction longer than 30")
        if event["type"] != "disclaimer" and "participant" not in event:
            found.append(f"event {event['id']} is nobody's")
    return found + [f"{place} {key} is nobody" for key, place in named if key not in people]


def _files(manifest: dict[str, Any], members: dict[str, bytes]) -> list[str]:
    named = [file for event in manifest["events"] for file in event.get("attachments", [])]
    found = [f"{file['id']} is not in the zip" for file in named if file["id"] not in members]
    found += [f"{name} is not referred to" for name in members if name not in {file["id"] for file in named}]
    sizes = {name: len(member) for name, member in members.items()}
    return found + [
        f"{file['id']} has another size" for file in named if file["size"] != sizes.get(file["id"])
    ]


def _times(manifest: dict[str, Any]) -> list[str]:
    stamps = [event["timestamp"] for event in manifest["events"]]
    stamps_of_edits = [
        edit["timestamp"] for e in manifest["events"] for edit in e.get("edits", []) if "timestamp" in edit
    ]
    found = [f"{at} has no zone" for at in [*stamps, *stamps_of_edits] if not at.endswith("Z")]
    moments = [datetime.fromisoformat(at.removesuffix("Z")) for at in stamps]
    if moments != sorted(moments):
        found.append("events are not in order")
    if len(stamps) > MOST_EVENTS:
        found.append(f"{len(stamps)} events")
    return found
