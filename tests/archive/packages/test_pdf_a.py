"""PDF/A-2b as veraPDF sees it: transcripts with every nasty text, certificates; and what it says of what is none."""

from pathlib import Path

from django.db import transaction

from archive import certificates, log
from archive.packages import making
from archive.packages.content import Format
from archive.packages.contents import Finished
from archive.packages.pdf import certificates as papers
from tests.archive import scenes
from tests.archive.disposition.conftest import DISPOSITION, Talk, destroy
from tests.archive.disposition.test_certificates import STATEMENT
from tests.archive.packages import pdf_a, talks
from tests.archive.packages.conftest import everything
from tests.archive.packages.test_pdf import GENERAL, written

WRITINGS = (
    "東京都の予算はどうですか 北京 서울 정부", "👩‍👩‍👧 👍🏽 🇺🇦 ☂️ 1️⃣", "שלום עולם 123 hello", "مرحبا بالعالم ١٢٣", "नमस्ते ทดสอบ Ђуро Ωμέγα ñ",
    "rare \U0001d1aa\U0002a6d6\U00010380\U00012345 private \ue000 unassigned \u0378", "A" * 5_000,
)  # fmt: skip

FAULTS = {
    "6.1.2": (b"%PDF-1.7", b"%PDF-2.7"),
    "6.2.11.4.1": (b"/FontFile", b"/FontGone"),
    "6.6.4": (b"<pdfaid:part>2<", b"<pdfaid:part>1<"),
}
"""By the clause that each of them breaks."""


def test_every_document_is_pdf_a(talk: Talk, tmp_path: Path) -> None:
    """By all 144 rules of veraPDF: the lively talk, torture, writings of the world, all three kinds of certificate."""
    nasty = [talks.said(n, text[:3_000], minutes=1) for n, text in enumerate(talks.torture(), start=1)]
    world = [talks.said(n, text, minutes=n) for n, text in enumerate(WRITINGS, start=1)]
    documents = {
        f"{what} {path}": data
        for what, kept in (
            ("lively", written(*talks.lively())),
            ("torture", written(talks.day(nasty))),
            ("writings", written(talks.day(world))),
        )
        for path, data in kept.files.items()
        if path.endswith(".pdf")
    }
    destroy(talk.say("zebra", id="1"))
    with transaction.atomic():
        certificates.issue(disposition=DISPOSITION, statement=STATEMENT, now=scenes.NOW)
    log.checkpoint(now=scenes.NOW)
    documents["destruction"] = papers.of_destruction(disposition=DISPOSITION).pdf
    talk.say("plain", id="2")
    request = everything(talk, formats=frozenset({Format.NDJSON}))
    contents, parts = making.measure(request), [Finished("part.zip", 1, "0" * 64)]
    documents["package"] = papers.of_package(request=request, contents=contents, parts=parts).pdf
    assert pdf_a.broken(documents, tmp_path) == {name: [] for name in documents}


def test_what_is_none_is_said_to_be_none(tmp_path: Path) -> None:
    """The validator reads what it is given: each fault put into a good document is found under its clause."""
    good = written(talks.day([talks.said(1, "plain")])).files[GENERAL]
    bad = {}
    for clause, (before, after) in FAULTS.items():
        assert before in good
        bad[clause] = good.replace(before, after)
    for clause, found in pdf_a.broken(bad, tmp_path).items():
        assert any(line.startswith(clause) for line in found), (clause, found)
