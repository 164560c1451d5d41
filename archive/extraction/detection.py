"""What a file is, told by its first bytes alone: names and claims prove nothing.

Pictures, sounds, films, programs and fonts have no text inside. What is none of the known is text when it reads as
text (`formats.plain` decides), and unknown otherwise.
"""

import re

HEAD_BYTES = 8192

_BEGINNINGS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", "pdf"),
    (0, b"{\\rtf", "rtf"),
    (0, b"PK\x03\x04", "zip"),
    (0, b"PK\x05\x06", "zip"),
    (0, b"PK\x07\x08", "zip"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (0, b"\x89PNG\r\n\x1a\n", "picture"),
    (0, b"\xff\xd8\xff", "picture"),
    (0, b"GIF8", "picture"),
    (0, b"II*\x00", "picture"),
    (0, b"MM\x00*", "picture"),
    (0, b"\x00\x00\x01\x00", "picture"),
    (0, b"8BPS", "picture"),
    (4, b"ftypavif", "picture"),
    (4, b"ftypheic", "picture"),
    (4, b"ftypmif1", "picture"),
    (4, b"ftyp", "film"),
    (0, b"\x1aE\xdf\xa3", "film"),
    (0, b"\x00\x00\x01\xba", "film"),
    (0, b"FLV\x01", "film"),
    (0, b"OggS", "sound"),
    (0, b"ID3", "sound"),
    (0, b"\xff\xfb", "sound"),
    (0, b"\xff\xf1", "sound"),
    (0, b"fLaC", "sound"),
    (0, b"MThd", "sound"),
    (0, b"#!AMR", "sound"),
    (0, b"\x7fELF", "program"),
    (0, b"\xca\xfe\xba\xbe", "program"),
    (0, b"\xcf\xfa\xed\xfe", "program"),
    (0, b"\xce\xfa\xed\xfe", "program"),
    (0, b"\x00asm", "program"),
    (0, b"\x00\x01\x00\x00\x00", "font"),
    (0, b"OTTO", "font"),
    (0, b"wOF", "font"),
    (0, b"\x1f\x8b", "packed"),
    (0, b"BZh", "packed"),
    (0, b"\xfd7zXZ\x00", "packed"),
    (0, b"(\xb5/\xfd", "packed"),
    (0, b"7z\xbc\xaf\x27\x1c", "packed"),
    (0, b"Rar!\x1a\x07", "packed"),
    (257, b"ustar", "packed"),
    (0, b"SQLite format 3\x00", "database"),
)
WITHOUT_TEXT = frozenset({"picture", "film", "sound", "program", "font"})
UNSUPPORTED = frozenset({"packed", "database"})
_RIFF = {b"WEBP": "picture", b"WAVE": "sound", b"AVI ": "film"}
_HTML = re.compile(r"<(!doctype html|html|head|body|meta|title|div|p|table|span|h[1-6])[\s>/]", re.IGNORECASE)
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,40}:[ \t]?")
_MAIL = re.compile(
    r"^(from|to|subject|date|message-id|mime-version|received|cc):", re.IGNORECASE | re.MULTILINE
)


def kind_of(head: bytes) -> str:
    """The kind of a file that begins with `head`; `unknown` when only reading it as text can tell."""
    if head == b"":
        return "nothing"
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], "unknown")
    if head[:2] == b"MZ" and b"PE\x00\x00" in head:
        return "program"
    if head[:2] == b"BM" and head[6:10] == b"\x00\x00\x00\x00":
        return "picture"
    for offset, beginning, kind in _BEGINNINGS:
        if head.startswith(beginning, offset):
            return kind
    at = head[:1024].find(b"%PDF-")  # readers allow rubbish before it, and so does what hides a document
    return "pdf" if at > 0 else "unknown"


def kind_of_text(head: str) -> str:
    """What kind of text begins so."""
    text = head.lstrip("\ufeff \t\r\n")
    start = text[:1_500]
    if start.startswith(("BEGIN:VCALENDAR", "BEGIN:VCARD")):
        return "calendar"
    if start.startswith("<"):
        if _HTML.match(start) or (_HTML.search(start) is not None and "<html" in start.lower()):
            return "html"
        return "xml" if start.startswith(("<?xml", "<svg")) else "html" if _HTML.search(start) else "text"
    if start[:1] in ("{", "["):
        return "json"
    header = text.partition("\n\n")[0].replace("\r\n", "\n").partition("\n\n")[0]
    if _HEADER.match(header) and len({found.lower() for found in _MAIL.findall(header)}) >= 2:
        return "mail"
    return "text"
