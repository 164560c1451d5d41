"""A log in memory and packages of it, written as simply as can be: what attackers start from."""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive import attestation, commitments, hashing, merkle, notes, readable, verify_package
from archive.packages import bag, cover

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
KINDS = {"revision": 1, "blob": 2, "window": 4, "audit": 7, "tombstone": 10}
MANIFEST, TAGS = "manifest-sha256.txt", "tagmanifest-sha256.txt"
Line = dict[str, Any]


class Log:
    """Leaves, the lines of their records, and a key to sign with."""

    def __init__(self, *, seed: int = 1) -> None:
        self.private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self.key = notes.VerifierKey("acme.example/log", self.private.public_key().public_bytes_raw())
        self.lines: list[Line] = []
        self.hashes: list[bytes] = []
        self.natives: dict[str, bytes] = {}

    def append(self, kind: str, commitment: bytes, columns: Mapping[str, Any], **words: Any) -> Line:
        leaf = len(self.lines)
        at = NOON + timedelta(seconds=leaf)
        entry = hashing.entry(kind=KINDS[kind], subject_id=leaf + 1, at=at, commitment=commitment)
        line = {
            "type": kind, "leaf": leaf, "subject_id": leaf + 1, "at": hashing.moment(at),
            "commitment": commitment.hex(),
        }  # fmt: skip
        self.lines.append({**line, **{name: written(value) for name, value in columns.items()}, **words})
        self.hashes.append(hashing.leaf(entry))
        return self.lines[-1]

    def say(self, text: str, *, session: str = "s-1", raw: bytes | None = None, **changed: Any) -> Line:
        """A message, as Zoom's report has it."""
        number = len(self.lines)
        sent_at = NOON + timedelta(minutes=number)
        said = {
            "id": f"m-{number}", "message": text, "sender_display_name": "Olu",
            "timestamp": round(sent_at.timestamp() * 1000),
        }  # fmt: skip
        columns = {
            "salt": bytes([number]) * 16, "session": session, "message": said["id"], "kind": "sent",
            "raw": raw if raw is not None else json.dumps(said | changed).encode(), "page_id": 3,
            "stored_at": NOON + timedelta(days=1),
        }  # fmt: skip
        words = {
            "text": readable.text(text),
            "sender_name": "Olu",
            "sent_at": hashing.moment(sent_at),
            "sent_at_is_doubtful": False,
        }
        words |= {
            "message_id": number,
            "session_id": 1,
            "sender": {"id": 1 + number % 2},
            "files": [{}] * (number == 3),
        }
        return self.append("revision", commitments.revision(**columns), columns, **words)

    def attach(self, content: bytes) -> Line:
        sha256 = hashlib.sha256(content).digest()
        columns = {
            "salt": b"b" * 16, "sha256": sha256, "size_bytes": len(content), "media_type": "text/plain",
            "stored_at": NOON,
        }  # fmt: skip
        path = f"data/files/{sha256.hex()[:2]}/{sha256.hex()}.txt"
        self.natives[path] = content
        return self.append("blob", commitments.blob(**columns), columns, about={"path": path, "reason": ""})

    def close(self) -> Line:
        columns = {
            "salt": b"w" * 16, "window_id": 5, "pull": 1, "state": "complete", "reason": "",
            "account": {"total": {"offered": 2.0, "share": 0.5}, "days": {}}, "closed_at": NOON,
        }  # fmt: skip
        return self.append("window", commitments.window_closure(**columns), columns, about={"session": "s-1"})

    def destroy(self) -> Line:
        columns = {
            "salt": b"t" * 16, "message_id": 900, "session": "s-1", "message": "gone", "sent_at": NOON,
            "sent_at_is_doubtful": False, "reply_to": "", "sender_id": None, "revisions": 1, "attachments": 0,
            "leaves": [0], "hashes": b"h" * 32, "disposition": 1, "destroyed_at": NOON,
        }  # fmt: skip
        return self.append("tombstone", commitments.tombstone(**columns), columns, about={})

    def audit(self, details: Mapping[str, Any]) -> Line:
        at = NOON + timedelta(seconds=len(self.lines))
        columns = {
            "salt": b"a" * 16, "at": at, "actor_id": 1, "actor_name": "Ines", "action": "measured",
            "subject": "export/7", "details": dict(details), "address": "2001:db8::1",
        }  # fmt: skip
        return self.append("audit", commitments.audit(**columns), columns)

    def node(self, level: int, index: int) -> bytes:
        return merkle.root_of(self.hashes[index << level : (index + 1) << level])

    def root(self, size: int) -> bytes:
        return merkle.root_of(self.hashes[:size])

    def note(self, size: int) -> bytes:
        head = notes.Head(self.key.name, size, self.root(size))
        return notes.write(head, key=self.key, sign=self.private.sign).encode()

    def cover(self, leaves: Iterable[int], size: int) -> bytes:
        found = []
        for start, level in cover.subtrees(sorted(leaves), size=size):
            hashed = self.node(level, start >> level).hex()
            found.append(attestation.line({"start": start, "level": level, "hash": hashed}) + b"\n")
        return b"".join(found)


def written(value: Any) -> Any:
    """A column as its line has it."""
    if isinstance(value, datetime):
        return hashing.moment(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode() if value[:1] in (b"{", b"[") else value.hex()
    return value


def acme() -> Log:
    """A small log with everything in it: what others said is between what Ines exports."""
    log = Log()
    for number in range(5):
        log.say(f"said {number}")
    log.attach(b"minutes of the meeting")
    log.say("ship it\x00 friday \u202e", session="s-2")
    log.close()
    log.destroy()
    for number in range(12):
        log.say(f"more {number}", session="s-2")
    return log


CHOSEN = [0, 3, 5, 6, 7, 8, 14]


def package(
    log: Log, folder: Path, *, chosen: Iterable[int] = CHOSEN, size: int = 19, bind: bool = True
) -> Path:
    """The package of some records of the log as it was at `size`; the log grows by the events of the export."""
    lines = [log.lines[leaf] for leaf in chosen]
    put(folder, "data/records/00001.ndjson", b"".join(attestation.line(line) + b"\n" for line in lines))
    for line in lines:
        if line["type"] == "blob":
            put(folder, line["about"]["path"], log.natives[line["about"]["path"]])
    put(folder, "data/about/counts.csv", counts(lines))
    put(folder, "data/about/exceptions.csv", b"what,reason\r\nnone,\r\n")
    put(folder, "data/about/coverage.csv", b"session,day,state\r\ns-1,2026-05-04,complete\r\n")
    put(folder, "data/about/query.json", b"{}\n")
    put(folder, "data/html/index.html", b"<p>ship it friday\n")
    put(folder, "data/log/cover.ndjson", log.cover(chosen, size))
    put(folder, "data/log/checkpoint.note", log.note(size))
    put(folder, "data/log/log.vkey", f"{log.key}\n".encode())
    event = log.audit({"sha256": digest(folder) if bind else "", "messages": 4.0})
    settle(log, folder, size=size, events=[event])
    put(folder, "bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    put(folder, "bag-info.txt", b"External-Identifier: holdfast-export-7\n")
    put(folder, "README.txt", b"Read me.\n")
    put(folder, "verify.py", Path(verify_package.__file__).read_bytes())
    seal(folder)
    return folder


def settle(log: Log, folder: Path, *, size: int, events: Iterable[Line]) -> None:
    """What is only known when a package is made."""
    newest = len(log.lines)
    proof = merkle.consistency(size, newest, at=log.node)
    put(folder, "data/log/newest.note", log.note(newest))
    put(folder, "data/log/consistency.json", json.dumps(consistency(log, size, newest)).encode())
    assert consistency(log, size, newest)["proof"] == [one.hex() for one in proof]
    proven = [
        {
            "record": event,
            "proof": [one.hex() for one in merkle.inclusion(event["leaf"], newest, at=log.node)],
        }
        for event in events
    ]
    put(folder, "data/about/custody.json", json.dumps({"events": proven}, indent=2).encode())


def consistency(log: Log, old: int, new: int) -> dict[str, Any]:
    return {"old": old, "new": new, "proof": [one.hex() for one in merkle.consistency(old, new, at=log.node)]}


def counts(lines: Iterable[Line]) -> bytes:
    said = [line for line in lines if line["type"] == "revision"]
    rows = ["by,id,name,messages,revisions,files"]
    for session in sorted({line["session"] for line in said}):
        rows.append(_count("session", session, [line for line in said if line["session"] == session]))
    for person in sorted({line["sender"]["id"] for line in said}):
        rows.append(_count("person", person, [line for line in said if line["sender"]["id"] == person]))
    rows.append(_count("custodian", 2, [line for line in said if line["sender"]["id"] == 2]))
    rows += ["custodian,77,,0,0,0", _count("sessions of custodian", 77, said), _count("all", "", said)]
    return ("\ufeff" + "\r\n".join(rows) + "\r\n").encode()


def _count(by: str, key: object, lines: Sequence[Line]) -> str:
    first = {line["message_id"]: line for line in lines}
    return f"{by},{key},,{len(first)},{len(lines)},{sum(len(line['files']) for line in first.values())}"


def put(folder: Path, name: str, content: bytes) -> None:
    place = folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)


def names(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def manifest(folder: Path, listed: Iterable[str]) -> bytes:
    found = (f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in listed)
    return "".join(found).encode()


def digest(folder: Path) -> str:
    """The digest of a package: over its manifest, without what is only known when it is made."""
    payload = [name for name in names(folder) if name.startswith("data/") and name not in bag.LATE]
    return hashlib.sha256(manifest(folder, payload)).hexdigest()


def seal(folder: Path) -> None:
    """Write the manifests of what is there, as an attacker would, too."""
    payload = [name for name in names(folder) if name.startswith("data/")]
    put(folder, MANIFEST, manifest(folder, payload))
    tags = [name for name in names(folder) if not name.startswith("data/") and name != TAGS]
    put(folder, TAGS, manifest(folder, tags))
