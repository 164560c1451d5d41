"""Files made to hurt whoever reads them, and files that are merely broken: each has its reason, and the next is read."""

import io
import struct
import zipfile

import pytest

from tests.archive.extraction import samples
from tests.archive.extraction.conftest import Read

ZEROS = b"\x00" * 1_000_000


def encrypted_zip() -> bytes:
    """As a program with a password marks its entries; the bytes behind the mark do not matter."""
    data = bytearray(samples.zipped({"open.txt": "seen", "secret.txt": "x"}))
    for signature, flags_at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.rindex(signature)
        data[at + flags_at] |= 1
    return bytes(data)


def nested(levels: int) -> bytes:
    """A text so many archives deep."""
    data = b"the innermost words"
    name = "words.txt"
    for level in range(levels):
        data, name = samples.zipped({name: data}), f"level{level}.zip"
    return data


def lying_zip() -> bytes:
    """An entry of 20 MB that says it has ten bytes."""
    data = bytearray(samples.zipped({"a.txt": b"a" * 20_000_000}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(data)


def overlapping() -> bytes:
    """Many names for the same megabytes, as the cleverest bombs have them."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("a.txt", (b"0123456789abcdef" * 250_000)[:3_900_000])
        first = out.infolist()[0]
        for n in range(40):
            again = zipfile.ZipInfo(f"b{n}.txt")
            for name in ("compress_size", "file_size", "CRC", "header_offset", "compress_type", "flag_bits"):
                setattr(again, name, getattr(first, name))
            again.orig_filename = "a.txt"
            out.filelist.append(again)
        out._didModify = True  # type: ignore[attr-defined]
    return whole.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (samples.zipped({"bomb.txt": ZEROS * 20}), "bomb"),
        (samples.zipped({f"{n}.txt": (b"%d " % n) * 600_000 for n in range(20)}, stored=True), "too_large"),
        (samples.zipped({f"{n}.txt": "x" for n in range(51)}), "too_many"),
        (nested(4), "too_deep"),
        (samples.zipped({"../../etc/passwd": "words"}), "unsafe_name"),
        (samples.zipped({"C:\\windows\\x.txt": "words"}), "unsafe_name"),
        (encrypted_zip(), "encrypted"),
        (samples.locked_pdf(password="secret"), "encrypted"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (samples.opendocument(manifest="<manifest><encryption-data/></manifest>"), "encrypted"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "unsupported"),
        (b"Rar!\x1a\x07\x01\x00" + b"\x00" * 100, "unsupported"),
        (samples.scanned_pdf(), "scanned"),
        (samples.zipped({"a.txt": "words " * 900})[:90], "broken"),
        (samples.pdf("words")[:300], "broken"),
        (b"%PDF-1.7\nnothing of the kind", "broken"),
        (b"<?xml version='1.0'?><a><b></a>", "broken"),
        (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'.replace(b"<!D", b"<?xml version='1.0'?><!D"),
         "entities"),
        (samples.zipped({"[Content_Types].xml": "", "word/document.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}),
         "entities"),
        (bytes(range(256)) * 40, "unknown_format"),
        (b"words " * 40_000, "too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)  # fmt: skip
def test_each_has_its_reason(data: bytes, reason: str, read: Read) -> None:
    """Said in a word, never a crash, and the process reads on."""
    seen = read(data)
    assert seen.result.outcome in ("unreadable", "partly")
    assert seen.result.reason == reason, (seen.result, seen.texts)
    assert read(b"fine").text == "fine"


def test_what_can_be_read_of_a_bad_archive_is_read(read: Read) -> None:
    """One locked entry, or a bad name, hides nothing else, and the list says which entry it was."""
    seen = read(encrypted_zip())
    assert seen.texts["open.txt"] == "seen"
    assert seen.problems == {"secret.txt": "encrypted"}
    seen = read(samples.zipped({"../up.txt": "words in a strange place"}))
    assert "strange place" in seen.texts["../up.txt"]


def test_a_lie_about_the_size_unpacks_nothing_more(read: Read) -> None:
    """What is really unpacked is counted."""
    assert len(read(lying_zip()).text) < 100


def test_many_names_for_the_same_bytes_are_stopped(read: Read) -> None:
    """By the text that is kept of one file, or by what was unpacked."""
    assert read(overlapping()).result.reason in ("bomb", "too_large", "broken")


def test_the_beginning_of_a_large_text_is_kept(read: Read) -> None:
    """It is found by its beginning, and listed for the rest."""
    seen = read(b"beginning " + b"words " * 60_000)
    assert (seen.result.outcome, seen.result.characters) == ("partly", 50_000)
    assert seen.text.startswith("beginning")


def test_a_deep_mail_a_deep_json_and_deep_tags_do_no_harm(read: Read) -> None:
    """Whatever is nested without end is read flat, or broken, and nothing falls over."""
    for data in (
        b"[" * 40_000,
        b'{"a":' * 20_000,
        b"<a>" * 40_000,
        b"{\\rtf1" + b"{" * 40_000,
        b"<div>" * 30_000,
    ):
        assert read(data).result.outcome in ("read", "unreadable", "empty", "partly")
    parts = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(300))
    assert read(b"From: a@b.example\nTo: c@d.example\n" + parts).result.reason != "crashed"
