"""Certificates on paper: of a package and of a destruction."""

from dataclasses import replace

import pytest
from django.db import transaction

from archive import certificates, log
from archive.models import Checkpoint
from archive.packages import making
from archive.packages.content import Format
from archive.packages.contents import Finished
from archive.packages.pdf import certificates as papers
from tests.archive import scenes
from tests.archive.disposition.conftest import DISPOSITION, Talk, destroy
from tests.archive.disposition.test_certificates import STATEMENT
from tests.archive.packages.conftest import everything
from tests.archive.packages.test_pdf import check_pdf_a, words


def test_a_package_is_known_by_its_certificate(talk: Talk) -> None:
    """Counts, zeros included, and the digests of manifest, checkpoint and log; the same bytes again."""
    talk.say("zebra", id="1")
    request = everything(talk, formats=frozenset({Format.NDJSON}))
    contents = making.measure(request)
    parts = (Finished("export-41-part-001.zip", 1_234, "ab" * 32),)
    paper = papers.of_package(request=request, contents=contents, parts=parts)
    text = words(paper.pdf)
    for part in (
        "Certificate of export 41", "Messages 1 ", contents.sha256, "Exceptions in all",
        bytes(Checkpoint.objects.get(size=request.size).root).hex(), "page 1 of 1",
        "export-41-part-001.zip " + "ab" * 32 + " 1,234 bytes",
    ):  # fmt: skip
        assert part in text, part
    assert "zebra" not in text
    assert paper.name == "export-41-certificate.pdf"
    check_pdf_a(paper.pdf)
    assert papers.of_package(request=request, contents=contents, parts=parts) == paper


def test_it_says_what_was_chosen_by_whom_and_why(talk: Talk) -> None:
    """As far as whoever asked said it; of many zips the first are named, and how many there are."""
    talk.say("zebra", id="1")
    stated = {"query": {"words": "All of \u202eKestrel"}, "asked": {"by": "Ines", "reason": "Letter 7"}}
    request = replace(everything(talk, formats=frozenset({Format.NDJSON})), statement=stated)
    parts = [Finished(f"p-{number}.zip", 1, f"{number:064x}") for number in range(1, 203)]
    text = words(papers.of_package(request=request, contents=making.measure(request), parts=parts).pdf)
    for part in (
        "All of [U+202E]Kestrel",
        "Asked by Ines",
        "For Letter 7",
        "the first 200 of 202",
        "p-200.zip",
    ):
        assert part in text, part
    assert "p-201.zip" not in text


def test_a_destruction_on_paper(talk: Talk) -> None:
    """What went, why and who decided it, the leaf; no word of what went."""
    destroy(talk.say("zebra", id="1"))
    with transaction.atomic():
        certificates.issue(disposition=DISPOSITION, statement=STATEMENT, now=scenes.NOW)
    log.checkpoint(now=scenes.NOW)
    paper = papers.of_destruction(disposition=DISPOSITION)
    text = words(paper.pdf)
    for part in (
        f"Certificate of destruction {DISPOSITION}",
        "Group chats, 2 years",
        "Ravi",
        "Ada",
        "Leaf of the log",
    ):
        assert part in text, part
    assert "zebra" not in text
    check_pdf_a(paper.pdf)


def test_what_was_not_signed_yet_is_on_no_paper(talk: Talk) -> None:
    """Nobody holds a certificate whose leaf no checkpoint covers."""
    destroy(talk.say("zebra", id="1"))
    with transaction.atomic():
        certificates.issue(disposition=DISPOSITION, statement=STATEMENT, now=scenes.NOW)
    with pytest.raises(certificates.NotSignedYet):
        papers.of_destruction(disposition=DISPOSITION)


def test_no_certificate_no_paper(db: None) -> None:
    """A disposition that has not ended has none."""
    with pytest.raises(certificates.NoCertificate):
        papers.of_destruction(disposition=99)
