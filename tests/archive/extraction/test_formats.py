"""What is read of files of every format, by the very process that reads strangers' files."""

import codecs
import json

import pytest

from sandbox.acme import documents
from tests.archive.extraction import samples
from tests.archive.extraction.conftest import Read

WITHOUT_TEXT = {"wav", "png", "jpg", "gif"}


@pytest.mark.parametrize("extension", documents.EXTENSIONS)
def test_what_people_at_acme_attach_is_read(extension: str, read: Read) -> None:
    """Seventeen formats: words of the title are found, or it is said that there are none to find."""
    seen = read(documents.made(f"x.{extension}", title="Heliotrope budget", number=3))
    if extension in WITHOUT_TEXT:
        assert (seen.result.outcome, seen.texts, seen.result.problems) == ("empty", {}, [])
    else:
        assert seen.result.outcome == "read", seen.result.problems
        assert extension == "svg" or "Heliotrope budget" in seen.text


def test_a_word_document_is_read_whole(read: Read) -> None:
    """Deleted text, headers, footnotes, tables, properties and what is embedded; styles are no text."""
    seen = read(samples.docx())
    assert seen.result.kind == "docx"
    for words in (
        "The merger closes on Friday",
        "burn the ledger",
        "strictly private",
        "see annex",
        "Closing",
    ):
        assert words in seen.texts[""]
    assert "left\n\tright" in seen.texts[""]
    assert seen.texts[""].count("once") == 1
    assert "nobody" not in seen.text
    assert "Account\tZürich" in seen.texts["book.xlsx"]


def test_a_workbook_is_read_whole(read: Read) -> None:
    """Names of sheets, shared and own texts, numbers, hidden sheets and comments."""
    text = read(samples.xlsx()).text
    for words in ("Offshore", "Slush", "Account\tZürich\t1250000", "hidden cell", "ask Ravi"):
        assert words in text


def test_slides_are_read_in_their_order_with_notes(read: Read) -> None:
    """Ten comes after two."""
    text = read(samples.pptx()).text
    assert text.index("number 1\n") < text.index("number 2\n") < text.index("number 10")
    assert "say nothing of this" in text


@pytest.mark.parametrize(
    ("kind", "extension"), [("text", "odt"), ("spreadsheet", "ods"), ("presentation", "odp")]
)
def test_open_documents_are_read(kind: str, extension: str, read: Read) -> None:
    """Headings, spaces and breaks written as tags, tables, the title."""
    seen = read(samples.opendocument(kind))
    assert seen.result.kind == extension
    assert "Heading\none two\nthree\nCosts\ncell\n" in seen.text
    assert "Draft seven" in seen.text


def test_a_mail_is_read_with_what_hangs_on_it(read: Read) -> None:
    """Headers, text, HTML without its scripts, an attached PDF and an attached mail, each by its name."""
    seen = read(samples.mail())
    assert "Subject: Größe des Schadens" in seen.texts[""]
    assert "Inês Olsson" in seen.texts[""]
    assert "plain words" in seen.texts[""]
    assert "rich words" in seen.texts[""]
    assert "not words" not in seen.text
    assert "inside the pdf" in seen.texts["plan.pdf"]
    assert any("forwarded words" in text for name, text in seen.texts.items() if name.endswith(".eml"))


def test_rtf_is_read_with_its_letters(read: Read) -> None:
    """Bytes of a code page, letters by number with what stands in for them, and groups that are no text."""
    data = (
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Helvetica;}}{\*\generator Word;}{\info{\title Offer}}"
        rb"\pard Gr\'f6\'dfe \u8364?5\par second\tab line \{x\}{\pict 0102}}"
    )
    text = read(data).text
    assert "Größe €5\nsecond\tline {x}" in text
    assert "Offer" in text
    assert "Helvetica" not in text
    assert "0102" not in text


@pytest.mark.parametrize(
    "data",
    [
        "Grüße aus Zürich".encode(),
        codecs.BOM_UTF8 + "Grüße aus Zürich".encode(),
        codecs.BOM_UTF16_LE + "Grüße aus Zürich".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "Grüße aus Zürich".encode("utf-16-be"),
        "Grüße aus Zürich".encode("utf-16-le"),
        "Grüße aus Zürich".encode("utf-16-be"),
        codecs.BOM_UTF32_LE + "Grüße aus Zürich".encode("utf-32-le"),
        "Grüße aus Zürich".encode("latin-1"),
        "<html><meta charset=iso-8859-15><p>Grüße aus Zürich".encode("iso-8859-15"),
        '<?xml version="1.0" encoding="iso-8859-1"?><a>Grüße aus Zürich</a>'.encode("latin-1"),
    ],
)
def test_text_is_read_in_its_encoding(data: bytes, read: Read) -> None:
    """Marked, told by its bytes, declared, or Latin."""
    assert "Grüße aus Zürich" in read(data).text


def test_what_could_be_any_alphabet_is_not_guessed_at(read: Read) -> None:
    """Cyrillic of the nineties is listed, not read as the wrong letters."""
    seen = read(("секретное совещание в пятницу " * 9).encode("cp1251"))
    assert (seen.result.outcome, seen.result.reason) == ("unreadable", "unknown_encoding")


def test_escapes_are_undone(read: Read) -> None:
    """In JSON, XML, HTML and calendars what is read is what is meant."""
    assert "Zürich" in read(json.dumps({"place": ["Zürich"]}).encode()).text
    assert "AT&T <b>" in read(b"<?xml version='1.0'?><a>AT&amp;T &lt;b&gt;</a>").text
    assert "AT&T" in read(b"<!doctype html><p title='AT&amp;T'>x").text
    assert "long line" in read(b"BEGIN:VCALENDAR\r\nSUMMARY:long li\r\n ne\r\nEND:VCALENDAR").text


def test_a_pdf_that_anybody_may_open_is_read(read: Read) -> None:
    """Encrypted with an empty password, so that only changing it is locked."""
    assert "locked words" in read(samples.locked_pdf(password="")).text


def test_an_empty_file_has_no_text(read: Read) -> None:
    """It is not unreadable."""
    assert (read(b"").result.outcome, read(b"").result.kind) == ("empty", "nothing")
