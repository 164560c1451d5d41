"""Certificates on paper: of a package and of a destruction."""

import pytest
from django.db import transaction

from archive import certificates, log
from archive.models import Checkpoint
from archive.packages import making
from archive.packages.content import Format
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
    paper = papers.of_package(request=request, contents=contents)
    text = words(paper)
    for part in (
        "Certificate of export 41", "Messages 1 ", contents.sha256, "Exceptions in all",
        bytes(Checkpoint.objects.get(size=request.size).root).hex(), "page 1 of 1",
    ):  # fmt: skip
        assert part in text, part
    assert "zebra" not in text
    check_pdf_a(paper)
    assert papers.of_package(request=request, contents=contents) == paper


def test_a_destruction_on_paper(talk: Talk) -> None:
    """What went, why and who decided it, the leaf; no word of what went."""
    destroy(talk.say("zebra", id="1"))
    with transaction.atomic():
        certificates.issue(disposition=DISPOSITION, statement=STATEMENT, now=scenes.NOW)
    log.checkpoint(now=scenes.NOW)
    paper = papers.of_destruction(disposition=DISPOSITION)
    text = words(paper)
    for part in (
        f"Certificate of destruction {DISPOSITION}",
        "Group chats, 2 years",
        "Ravi",
        "Ada",
        "Leaf of the log",
    ):
        assert part in text, part
    assert "zebra" not in text
    check_pdf_a(paper)


def test_no_certificate_no_paper(db: None) -> None:
    """A disposition that has not ended has none."""
    with pytest.raises(certificates.NoCertificate):
        papers.of_destruction(disposition=99)
