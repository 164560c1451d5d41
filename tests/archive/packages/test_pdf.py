"""PDF transcripts: PDF/A-2b with every word in it, nothing of a stranger's acting, the same bytes every time."""

import hashlib
import io
import re
from typing import Any

import pypdf
import pytest
from pypdf.generic import DictionaryObject, IndirectObject

from archive.packages import pdf
from archive.packages.content import Day, Format
from archive.packages.pdf import values
from archive.packages.pdf.typesetter import CannotSet, Typesetter
from tests.archive.packages import talks
from tests.archive.packages.talks import Kept

GENERAL = "data/pdf/session-7-general/2026-11.pdf"


def written(*days: Day) -> Kept:
    kept = Kept()
    writer = pdf.Writer(talks.request(Format.PDF))
    for day in days:
        writer.day(day, kept)
    writer.end(kept)
    return kept


def words(data: bytes) -> str:
    """The text of all pages, without what only breaks lines."""
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages).replace(values.BREAK, ""))


def objects(reader: pypdf.PdfReader) -> list[Any]:
    return [
        reader.get_object(IndirectObject(number, 0, reader))
        for number in sorted(
            {number for table in reader.xref.values() for number in table} | set(reader.xref_objStm)
        )
        if number != 0
    ]


def check_pdf_a(data: bytes) -> None:
    """What PDF/A-2b asks that can be told without a validator."""
    reader = pypdf.PdfReader(io.BytesIO(data))
    root = reader.trailer["/Root"]
    assert not reader.is_encrypted
    assert "/ID" in reader.trailer
    xmp = reader.xmp_metadata
    assert xmp is not None
    raw = xmp.rdf_root.toxml()
    assert "<pdfaid:part>2</pdfaid:part>" in raw
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in raw
    intents = root["/OutputIntents"]
    assert [one["/S"] for one in intents] == ["/GTS_PDFA1"]
    assert len(intents[0]["/DestOutputProfile"].get_data()) > 100
    every = [one for one in objects(reader) if isinstance(one, DictionaryObject)]
    assert not any(
        key in one for one in every for key in ("/JavaScript", "/JS", "/AA", "/EmbeddedFiles", "/OpenAction")
    )
    assert not any(one.get("/S") in ("/JavaScript", "/Launch", "/URI", "/SubmitForm") for one in every)
    drawn = [
        one["/FontDescriptor"]
        for one in every
        if one.get("/Subtype") == "/Type3" and "/FontDescriptor" in one
    ]
    fonts = [one for one in every if one.get("/Type") == "/FontDescriptor" and one not in drawn]
    assert len(fonts) > 0
    assert all(any(key in one for key in ("/FontFile", "/FontFile2", "/FontFile3")) for one in fonts)
    composed = [one for one in every if one.get("/Type") == "/Font" and one.get("/Subtype") != "/Type3"]
    assert all("/ToUnicode" in one or "/FontDescriptor" in one for one in composed)


def test_a_transcript_has_what_was_said_and_when() -> None:
    """Names, wordings, deletions, files, reactions, joins, gaps, leaves; page numbers and the digest at the foot."""
    text = words(written(*talks.lively()).files[GENERAL])
    for part in (
        "The heliotrope budget is due on friday", "ship it fridaymonday", "deleted 2026-11-03", "東京都の予算はどうですか",
        "👩‍👩‍👧", "Olu joined, added by Ines", "Gap: 5 Nov 2026 (UTC). A pull broke off.", "leaf 1002, 1003", "page 1 of 1",
        "reaction 👍 × 3 (Ines, Ravi)", "gone at Zoom before capture", "destroyed under a disposition",
        "<script>window.hurt = 1</script>", "[U+202E]gnp.exe", "Tuesday, 3 November 2026",
    ):  # fmt: skip
        assert part in text, part
    assert re.search("records [0-9a-f]{64}", text)
    assert text.index("Agreed") < text.index("ship it")


def test_it_is_pdf_a() -> None:
    """Part 2, level B: metadata, output intent, every font embedded, nothing that acts, not encrypted."""
    for path, data in written(*talks.lively()).files.items():
        if path.endswith(".pdf"):
            check_pdf_a(data)


def test_the_certificate_names_every_document_with_its_digest() -> None:
    """What lies beside it is what it says."""
    kept = written(*talks.lively())
    text = words(kept.files["data/pdf/certificate.pdf"]).replace(" ", "")
    for path, data in kept.files.items():
        if path.endswith("2026-11.pdf"):
            assert hashlib.sha256(data).hexdigest() in text
    assert "Messages10" in text
    assert "Daysnotprovencomplete1" in text


def test_twice_the_same_bytes() -> None:
    """No clock and no order of chance is in it."""
    assert written(*talks.lively()).files == written(*talks.lively()).files


def test_torture_is_printed() -> None:
    """Every nasty value is set, is text, and stays PDF/A; what has no meaning is its code point."""
    said = [talks.said(n, text[:3_000], minutes=1) for n, text in enumerate(talks.torture(), start=1)]
    said.append(talks.said(900, '#import "/etc/passwd" $x$ *b* @a <l> `raw` \\u{1} = head', minutes=2))
    said.append(talks.said(901, "private \ue000 and unassigned \u0378", minutes=2))
    kept = written(talks.day(said))
    data = kept.files[GENERAL]
    text = words(data)
    assert '#import "/etc/passwd" $x$ *b* @a <l> `raw` \\u{1} = head' in text
    assert "private [U+E000] and unassigned [U+0378]" in text
    assert f"page 1 of {len(pypdf.PdfReader(io.BytesIO(data)).pages)}" in text
    check_pdf_a(data)


def test_a_character_without_a_font_is_a_visible_note() -> None:
    """It is printed as its code point, counted on the first page, and listed beside the documents."""
    rare = "\U0001d1aa\U0002a6d6\U00010380\U00012345\U0001f6d8\U0001e290\U00016ac0\U0001df00"
    kept = written(talks.day([talks.said(1, f"rare {rare} end")]))
    listed = kept.text("data/pdf/missing-characters.csv").splitlines()[1]
    if listed == "none,":
        pytest.skip("this machine has a font for everything")
    text = words(kept.files[GENERAL])
    for sign in listed.partition(",")[2].split():
        assert f"[{sign}]" in text
    assert "No font of the machine that made this document has" in text


def test_nothing_missing_is_said_too() -> None:
    """The list is there when it says none."""
    kept = written(talks.day([talks.said(1, "plain")]))
    assert kept.text("data/pdf/missing-characters.csv") == "document,characters\r\nnone,\r\n"


def test_long_months_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """A document has at most so many messages; each message is in one of them."""
    monkeypatch.setattr(pdf, "MOST_MESSAGES", 40)
    days = [
        talks.day([talks.said(n, f"word{n}.", minutes=1) for n in range(1, 101)]),
        talks.day([talks.said(n, f"word{n}.", minutes=1_500) for n in range(101, 121)]),
        talks.day([talks.said(121, "word121.", minutes=60 * 24 * 30)]),
    ]
    kept = written(*days)
    documents = [path for path in kept.files if "session" in path]
    assert [path.rpartition("/")[2] for path in documents] == [
        "2026-11.pdf", "2026-11-part-2.pdf", "2026-11-part-3.pdf", "2026-12.pdf",
    ]  # fmt: skip
    found = [int(one) for path in documents for one in re.findall(r"word(\d+)\.", words(kept.files[path]))]
    assert found == list(range(1, 122))


def test_a_long_run_stays_on_the_paper() -> None:
    """A run without a place to break is broken, and is whole in the text."""
    run = "A" * 5_000
    data = written(talks.day([talks.said(1, run)])).files[GENERAL]
    assert words(data).count("A") >= len(run)
    assert "A" * 3_000 in words(data).replace(" ", "")
    assert all(float(page.mediabox.width) < 600 for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def test_text_that_is_read_from_the_right() -> None:
    """Hebrew and Arabic begin at the right, and their words are whole."""
    assert values.is_rtl("123 שלום")
    assert not values.is_rtl("hello שלום")
    text = words(
        written(talks.day([talks.said(1, "שלום עולם"), talks.said(2, "مرحبا بالعالم")])).files[GENERAL]
    )
    assert "שלום" in text
    assert "עולם" in text


def test_what_costs_too_much_ends_with_a_sentence() -> None:
    """The child ends, the worker says which document, and the next one is set by a new child."""
    small = Typesetter(memory_bytes=1 << 20)
    days = talks.lively()
    document = pdf._Document(days[0], 1)
    document.add(days[0], days[0].messages, [], zone=pdf.UTC)
    request = talks.request(Format.PDF)
    with pytest.raises(CannotSet, match=r"^2026\.pdf could not be set"):
        small.set("transcript.typ", document.data(request), at=request.made_at, name="2026.pdf")
    small.close()
    setter = Typesetter()
    done = setter.set("transcript.typ", document.data(request), at=request.made_at, name="2026.pdf")
    assert done.pdf.startswith(b"%PDF-1.7")
    setter.close()
