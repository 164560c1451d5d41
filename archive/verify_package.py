"""Checks a package of Holdfast, offline, with nothing but Python 3.9 or newer: python verify.py [FOLDER | PART.zip ...]

  (no path)            the folder that this file lies in
  --key FILE           log.vkey, the key of the log, as you have it from somebody you trust
  --checkpoint FILE    a checkpoint (*.note) that went out from the log, as its keeper has it; may be given again
  --consistency FILE   the proof between such a checkpoint and the package's, where their sizes differ; likewise. It is
                       {"old": SIZE, "new": SIZE, "proof": [HASH, ...]}, as GET /api/v1/log/consistency/?old=SIZE has it
  --proof LEAF         print the RFC 9162 audit path of the record at this leaf of the log, too

Exit status 0: all that can be checked holds, and what that proves, and what not, is said. 1: something does not; each
finding names its file, line and leaf. 2: nothing was found, but what you gave cannot be used, or needs more. A forged
package can bring a forged verify.py: take it from somebody you trust.

How it is checked, so that you can write your own. H is SHA-256. A line of data/records/*.ndjson is a record in the log.
Its `commitment` is H(02 | salt | parts, each after its length in 8 bytes). Its leaf's bytes are four lines of text:
"holdfast/v1 KIND", subject_id, at, commitment in hex. A leaf's hash is H(00 | bytes), a node's H(01 | left | right), as
in RFC 6962. data/log/cover.ndjson has the hashes of the complete subtrees between the records. Both together give the
root of the whole log; data/log/checkpoint.note states it, signed with Ed25519 (C2SP signed-note). about/custody.json has
audit events of the export, each proven in data/log/newest.note; one of them names the digest of the package itself.
"""

from __future__ import annotations

import argparse
import base64
import csv
import functools
import hashlib
import heapq
import ipaddress
import json
import os
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import IO, Any

MANIFEST, TAGS, LOG, ABOUT = "manifest-sha256.txt", "tagmanifest-sha256.txt", "data/log/", "data/about/"
CHECKPOINT, NEWEST, COVER, VKEY = (
    LOG + n for n in ("checkpoint.note", "newest.note", "cover.ndjson", "log.vkey")
)
CONSISTENCY, STAMP, COUNTS = LOG + "consistency.json", LOG + "timestamp.tsr", ABOUT + "counts.csv"
CUSTODY = ABOUT + "custody.json"
LATE = {CUSTODY, NEWEST, CONSISTENCY, STAMP}  # only known when a package is made
NEEDED = {ABOUT + name for name in ("exceptions.csv", "coverage.csv", "query.json")} | LATE - {STAMP}
NEEDED |= {
    "bagit.txt",
    "bag-info.txt",
    MANIFEST,
    TAGS,
    "README.txt",
    "verify.py",
    CHECKPOINT,
    COVER,
    VKEY,
    COUNTS,
}
OPENSSL = f"openssl ts -verify -data {CHECKPOINT} -in {STAMP} -CAfile AUTHORITY.pem"
KINDS = ["", "revision", "blob", "page", "window", "observation", "unreadable", "audit", "reading", "hold_receipt",
         "tombstone", "certificate", "zip_tombstone"]  # fmt: skip
FRAME = {"type", "leaf", "subject_id", "at", "salt", "commitment", "raw", "about"}  # what no commitment names
LONGEST = 64 << 20  # bytes of a line, or of a file that is read whole
SIGNS = {**{code: chr(0x2400 + code) for code in range(32)}, 127: "\u2421"}  # for what no terminal is to obey
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
EARLIEST, A_YEAR = 1_293_840_000_000, 366 * 86_400_000  # milliseconds: 2011, and how far ahead a time may lie
Head = tuple[int, bytes]  # the size and the root of a log


class Wrong(ValueError):
    """Something is not as it was made; the sentence says what."""


def open_plain(path: str) -> IO[bytes]:
    return open(path, "rb")


def in_base64(text: str) -> bytes:
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise Wrong("Base64 is written in one way only.")
    return data


# Ed25519 (RFC 8032, section 5.1.7): points are pairs (x, y); slow and plain

P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def plus(one: tuple[int, int], two: tuple[int, int]) -> tuple[int, int]:
    (x1, y1), (x2, y2) = one, two
    t = D * x1 * x2 * y1 * y2 % P
    i = pow(1 - t * t, -1, P)
    return (x1 * y2 + x2 * y1) * (1 - t) * i % P, (y1 * y2 + x1 * x2) * (1 + t) * i % P


def times(number: int, point: tuple[int, int]) -> tuple[int, int]:
    found = (0, 1)
    for bit in bin(number)[2:]:
        found = plus(found, found)
        found = plus(found, point) if bit == "1" else found
    return found


def point_of(data: bytes) -> tuple[int, int]:
    y, sign = int.from_bytes(data, "little") & ((1 << 255) - 1), data[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or x * x % P != square or (x == 0 and sign == 1):
        raise Wrong("The signature or the key is no point of the curve.")
    return (x if x % 2 == sign else P - x), y


def check_signature(key: bytes, message: bytes, signature: bytes) -> None:
    base = point_of((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    r, a, s = point_of(signature[:32]), point_of(key), int.from_bytes(signature[32:], "little")
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    if (len(key), len(signature)) != (32, 64) or s >= ORDER or times(s, base) != plus(r, times(k, a)):
        raise Wrong("The signature is not valid.")


# Checkpoints, and proofs in the tree (RFC 9162, sections 2.1.3.2 and 2.1.4.2)


def read_key(data: bytes) -> tuple[str, bytes, bytes]:
    """Name, hash and 32 bytes of a log's key."""
    name, told, encoded = data.decode().strip().split("+", 2)
    key = in_base64(encoded)
    digest = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    if len(key) != 33 or key[0] != 1 or digest.hex() != told:
        raise Wrong("It is no Ed25519 key of a log, or its hash is not its own.")
    return name, digest, key[1:]


def read_note(data: bytes, key: tuple[str, bytes, bytes]) -> Head:
    """The size and the root that a checkpoint states, when the key signed it."""
    name, digest, public = key
    form = "(([^\n]+)\n(0|[1-9][0-9]{0,18})\n([^\n]+)\n)\n((?:— [^ \n]+ [^ \n]+\n)+)"
    found = re.fullmatch(form, data.decode())
    if found is None or found[2] != name:
        raise Wrong(f"It is no checkpoint of the log {name}, whose key this is.")
    root, lines = in_base64(found[4]), [line.split(" ") for line in found[5].splitlines()]
    ours = [one[4:] for one in (in_base64(line[2]) for line in lines if line[1] == name) if one[:4] == digest]
    if len(root) != 32 or len(ours) == 0:
        raise Wrong("It is not signed by the log's key.")
    for one in ours:
        check_signature(public, found[1].encode(), one)
    return int(found[3]), root


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def climb(fn: int, sn: int, start: bytes, proof: Sequence[str]) -> tuple[bytes, bytes]:
    """The roots of the old and of the new tree that a proof leads to."""
    fr = sr = start
    for p in map(bytes.fromhex, proof):
        if sn == 0:
            raise Wrong("Its proof has a hash too many.")
        if fn % 2 == 1 or fn == sn:
            fr, sr = node(p, fr), node(p, sr)
            while fn % 2 == 0 and fn > 0:
                fn, sn = fn // 2, sn // 2
        else:
            sr = node(sr, p)
        fn, sn = fn // 2, sn // 2
    if sn != 0:
        raise Wrong("Its proof has a hash too few.")
    return fr, sr


def check_inclusion(leaf: bytes, index: int, head: Head, proof: Sequence[str]) -> None:
    if not 0 <= index < head[0] or climb(index, head[0] - 1, leaf, proof)[1] != head[1]:
        raise Wrong(f"Leaf {index} is not in the log of {head[0]} leaves.")


def check_consistency(old: Head, new: Head, proof: Sequence[str]) -> None:
    holds = old == new and len(proof) == 0
    if 0 < old[0] < new[0] and len(proof) > 0:
        fn, sn = old[0] - 1, new[0] - 1
        while fn % 2 == 1:
            fn, sn = fn // 2, sn // 2
        first, *rest = [old[1].hex(), *proof] if fn == 0 else proof
        holds = climb(fn, sn, bytes.fromhex(first), rest) == (old[1], new[1])
    if not holds:
        raise Wrong(f"The log of {new[0]} leaves does not begin with the log of {old[0]}: it was rewritten.")


# Records


def exact(line: bytes) -> dict[str, Any]:
    """A line of JSON, written in the one way in which it is written."""
    value: dict[str, Any] = json.loads(line.decode("ascii"))
    if json.dumps(value, sort_keys=True, allow_nan=False).encode() + b"\n" != line:
        raise Wrong("It is not written as it was.")
    return value


def settled(number: str) -> float:
    """A number with a point as the archive keeps it: a whole one without."""
    return int(Decimal(number)) if float(number).is_integer() else float(number)


def leaf_hash(record: dict[str, Any], raw: bytes) -> bytes:
    """The hash of the leaf that commits to a record; its commitment must be the one its line names."""
    kind = record["type"]
    if kind == "revision":
        said = [record[one].encode("utf-8", "surrogatepass") for one in ("session", "message", "kind")]
        parts = [kind.encode(), *said, raw, b"%d" % record["page_id"], record["stored_at"].encode()]
    else:
        values = {key: value for key, value in record.items() if key not in FRAME}
        if kind == "audit":
            address = record["address"] and ipaddress.ip_address(record["address"]).packed.hex()
            values.update(at=record["at"], address=address)
        values = json.loads(json.dumps(values), parse_float=settled)
        parts = [kind.encode(), json.dumps(values, sort_keys=True).encode(), raw]
    digest = hashlib.sha256(b"\2" + bytes.fromhex(record["salt"]))
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    if digest.hexdigest() != record["commitment"]:
        raise Wrong(f"Leaf {record['leaf']}: this {kind} is not the one that was committed to.")
    entry = f"holdfast/v1 {KINDS.index(kind)}\n{record['subject_id']}\n{record['at']}\n{digest.hexdigest()}\n"
    return hashlib.sha256(b"\0" + entry.encode()).digest()


def readable(value: Any, odd: str, limit: int = sys.maxsize) -> str:
    """A text of the exact bytes as people read it: odd characters as signs, and at most so long."""
    text = value if isinstance(value, str) else ""
    text = re.sub(odd, lambda sign: SIGNS.get(ord(sign[0]), "\ufffd"), text)
    return text if len(text) <= limit else text[: limit - 1] + "\u2026"


def micros(text: str) -> int:
    """A moment, in microseconds since 1970."""
    return (datetime.fromisoformat(text.replace("Z", "+00:00")) - EPOCH) // timedelta(microseconds=1)


def check_words(record: dict[str, Any], raw: bytes, is_first: bool) -> bool:
    """What people read of a revision follows from its exact bytes; its message was described by its first revision.

    Zoom's time holds when it is between 2011 and a year after it was received; else the time is doubtful. When it was
    received is not here, only when it was stored, soon after: what lies after that is not judged.
    """
    if raw.count(b"[") + raw.count(b"{") > 500:
        return False  # too deep for some readers of JSON
    said = json.loads(raw.decode("utf-8", "surrogateescape"), strict=False, parse_int=Decimal)
    derived, is_told = {"text": readable(said.get("message"), "[\0-\x08\x0b-\x1f\x7f\ud800-\udfff]")}, True
    derived["sender_name"] = readable(said.get("sender_display_name"), "[\0-\x1f\x7f\ud800-\udfff]", 500)
    if not record["message"].startswith(("unidentified:", "long:", "unstorable:")):
        derived["message"] = said.get("id")
    told, sent, stored = said.get("timestamp"), micros(record["sent_at"]), micros(record["stored_at"])
    is_time = (
        isinstance(told, (Decimal, float))
        and EARLIEST <= told <= stored // 1000 + A_YEAR
        and told == int(told)
    )
    is_told = is_time and told * 1000 == sent and not record["sent_at_is_doubtful"]
    if is_first and not is_told and not record["sent_at_is_doubtful"]:
        raise Wrong(f"Leaf {record['leaf']}: its sent_at is not what its bytes say.")
    if is_first and record["sent_at_is_doubtful"] and is_time and told * 1000 <= stored:
        raise Wrong(
            f"Leaf {record['leaf']}: its sent_at_is_doubtful is not what its bytes say, which name a time."
        )
    for name, wanted in derived.items():
        if record[name] != wanted:
            raise Wrong(f"Leaf {record['leaf']}: its {name} is not what its bytes say.")
    return (
        is_told  # if not, an earlier version of it may say so, or nothing does: it is counted as not compared
    )


def bare(text: str) -> str:
    """An id without the signs that a table writes otherwise, so that no spreadsheet obeys them."""
    return re.sub("[^0-9A-Za-z]", "", text)


class Check:
    """A package being checked: its files by their paths from its folder, what was found, and what was counted."""

    def __init__(self, paths: Sequence[str]) -> None:
        self.files: dict[str, Callable[[], IO[bytes]]] = {}
        self.findings: list[str] = []
        self.counts: Counter[Any] = Counter()
        self.numbers: dict[
            tuple[str, str], list[int]
        ] = {}  # messages, versions, files: what counts.csv is to say
        self.seen: dict[int, int] = {}  # a bit for each message, by its id
        self.blobs: set[str] = set()
        for path in paths:
            self.attempt(path, self.add_folder if os.path.isdir(path) else self.add_zip, path)

    def found(self, where: str, sentence: object) -> None:
        self.counts["findings"] += 1
        if self.counts["findings"] <= 1000:  # made safe for a terminal: names may be a stranger's
            self.findings.append(f"{where}: {sentence}"[:1000].encode("unicode_escape").decode())

    def attempt(self, where: str, step: Callable[..., Any], *given: Any) -> Any:
        """What a step gives; None, with a finding, when something is not as it must be."""
        try:
            return step(*given)
        except Wrong as wrong:
            self.found(where, wrong)
        except Exception as error:  # noqa: BLE001  # whatever a stranger's bytes lead to is a finding
            self.found(where, f"It cannot be read as what it is to be ({type(error).__name__}: {error}).")

    def add_folder(self, top: str) -> None:
        for folder, folders, files in os.walk(top):
            for path in (os.path.join(folder, name) for name in folders + files):
                name = os.path.relpath(path, top).replace(os.sep, "/")
                if os.path.isfile(path) and not os.path.islink(path):
                    self.files[name] = functools.partial(open_plain, path)
                elif os.path.islink(path) or not os.path.isdir(path):
                    self.found(name, "It is neither a file nor a folder.")

    def add_zip(self, path: str) -> None:
        part = zipfile.ZipFile(path)
        for info in part.infolist():
            name = info.filename.partition("/")[2]
            if name in self.files:
                self.found(name, f"It is there twice, also in {path}.")
            elif not info.is_dir():
                self.files[name] = functools.partial(part.open, info)

    def read(self, name: str) -> bytes:
        return b"".join(line for _, line in self.lines(name))

    def lines(self, name: str) -> Iterator[tuple[str, bytes]]:
        """Each line of a file, after what it is called."""
        if name not in self.files:
            raise Wrong(f"There is no {name}.")
        with self.files[name]() as file:
            for number, line in enumerate(iter(lambda: file.readline(LONGEST), b""), 1):
                yield f"{name}, line {number}", line

    def digest(self, name: str) -> str:
        digest = hashlib.sha256()
        with self.files[name]() as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
        return digest.hexdigest()

    def bag(self) -> dict[str, str]:
        """Every file is there and is what a manifest says, and nothing lies beside them (RFC 8493); their digests."""
        listed: dict[str, str] = {}
        for manifest in sorted({MANIFEST, TAGS} & self.files.keys()):
            for where, line in self.lines(manifest):
                match = re.fullmatch(rb"([0-9a-f]{64})  ([^\r\n]+)\n", line)
                name = "" if match is None else match[2].decode(errors="replace").replace("%25", "%")
                if match is None or name in listed or name.startswith("data/") != (manifest == MANIFEST):
                    self.found(where, "It is not a line that belongs here.")
                else:
                    listed[name] = match[1].decode()
        for name in sorted((listed.keys() | NEEDED) - self.files.keys()):
            self.found(name, "It is missing.")
        for name in sorted(self.files.keys() - listed.keys() - {TAGS}):
            self.found(name, "It lies beside the package: no manifest names it.")
        for name in sorted(listed.keys() & self.files.keys()):
            if self.attempt(name, self.digest, name) not in (None, listed[name]):
                manifest = MANIFEST if name.startswith("data/") else TAGS
                self.found(name, f"Its bytes are not those that {manifest} names (SHA-256).")
        return listed

    def leaves(self, names: Sequence[str]) -> Iterator[tuple[int, int, str, bytes]]:
        """Begin, level, place and hash of every record's leaf, or of every subtree between the records."""
        for name in names:
            for where, line in self.lines(name):
                found = self.attempt(where, self.leaf, line, where)
                if found is not None:
                    yield found[0], found[1], where, found[2]

    def leaf(self, line: bytes, where: str) -> tuple[int, int, bytes]:
        record = exact(line)
        if "level" in record:
            return record["start"], record["level"], bytes.fromhex(record["hash"])
        raw, kind = in_base64(record.get("raw", "")), record["type"]
        hashed = leaf_hash(record, raw)
        self.counts[kind] += 1
        if kind == "blob" and record["about"]["path"] is not None:  # else its bytes were lost: an exception
            self.blobs.add(record["sha256"])
        if kind == "revision":
            page, bit = divmod(record["message_id"], 1024)
            is_first = not self.seen.get(page, 0) >> bit & 1
            self.seen[page] = self.seen.get(page, 0) | 1 << bit
            sender, files = (
                record.get("sender") or {"id": ""},
                len(record.get("files", ())) if is_first else 0,
            )
            for row in (("session", bare(record["session"])), ("person", str(sender["id"])), ("all", "")):
                numbers = self.numbers.setdefault(row, [0, 0, 0])
                numbers[:] = numbers[0] + is_first, numbers[1] + 1, numbers[2] + files
            self.counts["deep"] += self.attempt(where, check_words, record, raw, is_first) is False
        return record["leaf"], 0, hashed

    def tree(self, wanted: int) -> tuple[Head, list[str]]:
        """Size and root of the log that records and cover give, and the audit path of one leaf."""
        stack: list[
            tuple[int, bytes, bool]
        ] = []  # each subtree: level, hash, whether the wanted leaf is in it
        end, path = 0, list[str]()

        def join() -> None:
            (_, right, in_right), (level, left, in_left) = stack.pop(), stack.pop()
            path.extend([right.hex()] * in_left + [left.hex()] * in_right)
            stack.append((level + 1, node(left, right), in_left or in_right))

        names = sorted(one for one in self.files if one.startswith("data/records/"))
        for start, level, where, found in heapq.merge(self.leaves(names), self.leaves([COVER])):
            if start != end or not 0 <= level < 63 or start % (1 << level) != 0:
                missing = f"leaves {end} to {start - 1} are missing" if start > end else "it is there already"
                raise Wrong(f"{where}: leaf {start} does not follow leaf {end - 1}: {missing}.")
            end += 1 << level
            stack.append((level, found, start == wanted and not where.startswith(COVER)))
            while len(stack) > 1 and stack[-1][0] == stack[-2][0]:
                join()
        while len(stack) > 1:
            join()
        return (end, stack[0][1]), path

    def natives(self, listed: dict[str, str]) -> None:
        """Each file of a message is the one that a record in the log names."""
        found = {digest: name for name, digest in listed.items() if name.startswith("data/files/")}
        for digest in sorted(self.blobs - found.keys()):
            self.found("data/files/", f"The file with the SHA-256 {digest} is missing.")
        for digest, name in sorted(found.items()):
            if digest not in self.blobs or not name.startswith(f"data/files/{digest[:2]}/{digest}"):
                self.found(name, "No record in the log is of these bytes.")

    def tables(self) -> None:
        """Each number of counts.csv is that of the records: of all, a session, whoever said it, a custodian's own words.

        Who was in which session the records do not say: the rows of sessions of custodians are not counted again.
        """
        told, custodians = dict[tuple[str, str], list[int]](), set[tuple[str, str]]()
        for row in csv.DictReader(line.decode("utf-8-sig") for _, line in self.lines(COUNTS)):
            if row["by"] in ("session", "person", "custodian", "all"):
                key = row["by"], bare(row["id"])
                added = [int(row[name]) for name in ("messages", "revisions", "files")]
                told[key] = list(map(int.__add__, told.get(key, [0, 0, 0]), added))
                custodians |= {key} if row["by"] == "custodian" else set()
        counted = self.numbers | {key: self.numbers.get(("person", key[1]), [0, 0, 0]) for key in custodians}
        for key in sorted(told.keys() | counted.keys()):
            said, found = told.get(key, [0, 0, 0]), counted.get(key, [0, 0, 0])
            if said != found:
                raise Wrong(
                    f"Messages, revisions, files of {' '.join(key)}: it says {said}, the records {found}."
                )

    def follow(self, one: Head, ours: Sequence[Head], proofs: Sequence[dict[str, Any]]) -> bool:
        """A checkpoint is of the same log as one of ours: one begins with the other. False: there is no proof for it."""
        for old, new in (sorted((one, other)) for other in ours):
            steps = [each["proof"] for each in proofs if (each["old"], each["new"]) == (old[0], new[0])]
            if old[0] == new[0] or len(steps) > 0:
                check_consistency(old, new, [] if old[0] == new[0] else steps[0])
                return True
        return False

    def binding(self, listed: dict[str, str], newest: Head) -> str:
        """The audit events of the export are in the log; the one that names the digest of just this package."""
        kept = [name for name in listed if name.startswith("data/") and name not in LATE]
        lines = (f"{listed[name]}  {name.replace('%', '%25')}\n" for name in kept)
        digest, measured = hashlib.sha256("".join(lines).encode()).hexdigest(), dict[str, str]()
        for event in json.loads(self.read(CUSTODY))["events"]:
            record = event["record"]
            check_inclusion(leaf_hash(record, b""), record["leaf"], newest, event["proof"])
            if record["action"] == "measured":
                told = f"leaf {record['leaf']}, of {record['subject']}, {record['at']}"
                measured[record["details"].get("sha256")] = told
        if digest not in measured:
            named = "; ".join(f"{other} ({told})" for other, told in measured.items())
            other = (
                f"its event names {named}" if measured else f"no event in {CUSTODY} says what was measured"
            )
            free = {name if name.startswith(ABOUT) else "/".join(name.split("/")[:2]) for name in kept}
            free -= {"data/records", "data/files", "data/log"}
            self.found(MANIFEST, f"This is not the package that was measured: its digest is {digest}, and {other}. "
                       "Files or records may have been left out or put in, and what nothing else proves may be changed: "
                       f"what a line says beside what it commits to, {', '.join(sorted(free))}.")  # fmt: skip
        return measured.get(digest, "")

    def stamp(self) -> None:
        """The time stamp names the checkpoint; who signed it is for openssl to say."""
        imprint = bytes.fromhex("0609608648016503040201"), hashlib.sha256(self.read(CHECKPOINT)).digest()
        if not all(part in self.read(STAMP) for part in imprint):
            raise Wrong("It is not a time stamp of the checkpoint (SHA-256).")


def check(given: argparse.Namespace) -> int:
    """All checks in turn, then what was found, or what is proven and what is not; the exit status."""
    package = Check(given.paths or [os.path.dirname(os.path.abspath(__file__))])
    attempt, read, key_file = package.attempt, package.read, given.key or VKEY
    listed = attempt("manifests", package.bag) or {}
    for path in (*given.checkpoint, *filter(None, [given.key])):  # from elsewhere
        package.files[path] = functools.partial(open_plain, path)
    key = attempt(key_file, lambda: read_key(read(key_file)))
    if key != attempt(VKEY, lambda: read_key(read(VKEY))):
        package.found(VKEY, "It is not the key of the log that you have.")
    notes = (CHECKPOINT, NEWEST, *given.checkpoint)
    heads = {one: attempt(one, lambda one: read_note(read(one), key), one) for one in notes}
    own = attempt(CONSISTENCY, lambda: json.loads(read(CONSISTENCY)))
    if attempt(NEWEST, package.follow, heads[NEWEST], [heads[CHECKPOINT]], [own]) is False:
        package.found(CONSISTENCY, "It is no proof between the two checkpoints of the package.")
    ours, proofs = [heads[CHECKPOINT], heads[NEWEST]], [own, *given.consistency]
    apart = [
        one for one in given.checkpoint if attempt(one, package.follow, heads[one], ours, proofs) is False
    ]
    head, audit_path = attempt("The tree", package.tree, given.proof) or ((0, b""), [])
    if head[0] > 0 and head != heads[CHECKPOINT]:
        package.found(CHECKPOINT, f"Records and cover are another log, of {head[0]} leaves, {head[1].hex()}.")
    attempt("data/files", package.natives, listed)
    attempt(COUNTS, package.tables)
    bound = attempt(CUSTODY, package.binding, listed, heads[NEWEST])
    if STAMP in package.files:
        attempt(STAMP, package.stamp)
    if given.proof is not None and len(audit_path) == 0 and head[0] > 1:
        package.found("--proof", f"No record of the package is at leaf {given.proof}.")
    for finding in package.findings:
        print("WRONG ", finding)
    if package.counts["findings"] > 0:
        print(f"NOT AS IT WAS MADE. Findings: {package.counts['findings']}. The first: {package.findings[0]}")
        return 1
    for name in apart:
        print(
            f"{name}: It is of {heads[name][0]} leaves: give the proof between it and the package's (--consistency)."
        )
    if len(apart) > 0:
        print("NOT CHECKED TO THE END: nothing wrong was found, but what you gave needs more.")
        return 2
    if given.proof is not None:
        print(json.dumps({"leaf": given.proof, "size": head[0], "root": head[1].hex(), "proof": audit_path}))
    state(package, given, head, bound)
    return 0


def state(package: Check, given: argparse.Namespace, head: Head, bound: str) -> None:
    """What is proven, and what is not, in plain words."""
    counts, stamp = package.counts, "No time stamp of others is here."
    if STAMP in package.files:
        stamp = f"A time stamp names this checkpoint. Who gave it, and when:\n  {OPENSSL}"
    claims = [
        (True, "Every file is there as the manifests name it, and none lies beside them."),
        (True, f"All {sum(counts[kind] for kind in KINDS):,} records, {counts['revision']:,} of them versions of messages,"
               f" are byte for byte in the log\n  of {head[0]:,} entries with the root {head[1].hex()}, signed by its key."),
        (True, f"Their texts, names and times follow from the bytes Zoom sent ({counts['deep']:,} could not be compared)."),
        (bool(given.key), "The log is the one whose key you have from elsewhere (--key), not one that came with its key."),
        (bool(given.checkpoint), "Nobody wrote the log anew since checkpoints went out that their keepers have (--checkpoint)."),
        (True, f"Nothing was left out or changed, in any form: an event in the log names the package's digest;\n  {bound}."),
        (False, f"When it was signed. {stamp}"),
        (False, "What README.txt, bag-info.txt and custody.json beside its events say: it was written when the package was made."),
        (False, "That it is what you asked for: see query.json, coverage.csv and exceptions.csv in data/about."),
    ]  # fmt: skip
    for title, is_proven in (("PROVEN", True), ("NOT PROVEN", False)):
        print("\n- ".join([title, *(claim for holds, claim in claims if holds == is_proven)]))
    print("AS FAR AS PROVEN, IT IS AS IT WAS MADE.")


def a_path(path: str) -> str:
    if not os.path.exists(path):
        raise argparse.ArgumentTypeError(f"there is no {path}")
    return path


def a_proof(path: str) -> dict[str, Any]:
    """A proof between two sizes of the log, from elsewhere."""
    try:
        with open(a_path(path), "rb") as file:
            found: dict[str, Any] = json.load(file)
        sizes = [found["old"], found["new"]]
        if all(type(one) is int for one in sizes) and all(
            len(bytes.fromhex(one)) == 32 for one in found["proof"]
        ):
            return found
    except (ValueError, TypeError, LookupError):
        pass
    form = '{"old": SIZE, "new": SIZE, "proof": [HASH, ...]}'
    raise argparse.ArgumentTypeError(f"{path} is no proof of consistency, which is {form}")


def main(arguments: Sequence[str] | None = None) -> int:
    formatter = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="verify.py", description=__doc__, formatter_class=formatter)
    parser.add_argument("paths", nargs="*", type=a_path)
    parser.add_argument("--key", type=a_path)
    parser.add_argument("--checkpoint", action="append", default=[], type=a_path)
    parser.add_argument("--consistency", action="append", default=[], type=a_proof)
    parser.add_argument("--proof", type=int)
    return check(parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
