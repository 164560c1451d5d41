"""Checkpoints as signed notes: writing and reading the text, in the forms of C2SP signed-note and tlog-checkpoint.

A checkpoint says: the log of this name had so many leaves, and this was its root. Its text is the name, the
size and the root in base64, a line each, then an empty line and one signature line a key. A verifier key
(`log.vkey`) is the name, the key's hash and the key, joined by plus signs.

Standard library only, and pure: the key that signs is handed in as a function, and checking signatures is
`archive.verify`'s. What is not written exactly as the form demands is refused.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

ED25519 = b"\x01"
_SIGNATURE_LINE = re.compile("— ([^\\s+]+) ([A-Za-z0-9+/=]+)")
_SIZE = re.compile("0|[1-9][0-9]{0,18}")


class MalformedNote(ValueError):
    """Text that is not a checkpoint or not a verifier key."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a checkpoint states."""

    origin: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: who claims to have signed, and the signature."""

    name: str
    key_hash: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public half of a log's key, and the name it signs under."""

    name: str
    public_key: bytes

    @property
    def key_hash(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public_key).digest()[:4]

    def __str__(self) -> str:
        encoded = base64.b64encode(ED25519 + self.public_key).decode()
        return f"{self.name}+{self.key_hash.hex()}+{encoded}"


def statement(head: Head) -> bytes:
    """The bytes that are signed."""
    return f"{head.origin}\n{head.size}\n{base64.b64encode(head.root).decode()}\n".encode()


def write(head: Head, *, key: VerifierKey, sign: Callable[[bytes], bytes]) -> str:
    """The signed note, ready to publish."""
    signed = statement(head)
    line = base64.b64encode(key.key_hash + sign(signed)).decode()
    return f"{signed.decode()}\n— {key.name} {line}\n"


def read(note: str) -> tuple[Head, list[Signature]]:
    """What a note states, and its signatures, which are not checked here. Raises MalformedNote."""
    text, separator, lines = note.partition("\n\n")
    stated = text.split("\n")
    if separator == "" or not lines.endswith("\n") or len(stated) != 3:
        raise MalformedNote("A checkpoint is three lines, an empty line and signatures.")
    origin, size, root = stated
    if origin == "" or _SIZE.fullmatch(size) is None:
        raise MalformedNote("A checkpoint names its log and its size.")
    return Head(origin, int(size), _exactly(root, 32)), [_signature(line) for line in lines[:-1].split("\n")]


def read_key(text: str) -> VerifierKey:
    """A verifier key from its one line. Raises MalformedNote, also when the key's hash is not its own."""
    name, _, rest = text.strip().partition("+")
    key_hash, _, encoded = rest.partition("+")
    public = _decoded(encoded)
    if len(public) != 33 or public[:1] != ED25519:
        raise MalformedNote("A verifier key of a log is an Ed25519 key of 32 bytes.")
    key = VerifierKey(name, public[1:])
    if key.key_hash.hex() != key_hash:
        raise MalformedNote("The hash in the verifier key is not the key's.")
    return key


def _signature(line: str) -> Signature:
    found = _SIGNATURE_LINE.fullmatch(line)
    if found is None:
        raise MalformedNote("A signature line is a dash, a name and base64.")
    value = _decoded(found[2])
    if len(value) < 5:
        raise MalformedNote("A signature line holds the key's hash and a signature.")
    return Signature(found[1], value[:4], value[4:])


def _decoded(text: str) -> bytes:
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise MalformedNote("This is not base64.") from None
    if base64.b64encode(value).decode() != text:
        raise MalformedNote("Base64 is written in one way only.")
    return value


def _exactly(text: str, count: int) -> bytes:
    value = _decoded(text)
    if len(value) != count:
        raise MalformedNote(f"A root has {count} bytes.")
    return value
