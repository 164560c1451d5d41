"""README.txt of a package: what this is, what is where, and how to check it without us."""

from archive.packages.content import Format, Request

_HEAD = """\
What this is
============

Messages of Zoom Team Chat, taken out of an archive kept by Holdfast, with the files that were sent
with them and the proof that all of it is as the archive stored it. Nothing of Holdfast is needed to
read it or to check it. If it came as several zip files, unpack all of them into one folder.

Export {number}. It stands on the archive's log as it was at {made_at} UTC, with {size} entries.


How to check it
===============

With Python 3.11 or later, and nothing else:

    python3 verify.py

It says in plain words what is proven and what is not. Any tool for BagIt bags (RFC 8493) checks that
no file was changed or lost; so does, in this folder:

    sha256sum --check manifest-sha256.txt tagmanifest-sha256.txt


What is where
=============

data/records/       Every record, a line of JSON each, with all that the log commits to.
data/files/         The files that were sent, each once, named by the SHA-256 of its bytes.
"""
_TAIL = """\
data/about/         exceptions.csv: what is missing and why (it says so when nothing is).
                    counts.csv: how much, by session, by person and by custodian.
                    coverage.csv: how complete the archive is, session by session, for every day.
                    query.json: what was asked for. custody.json: who asked, approved and made it.
data/log/           The signed checkpoint, the log's key, and what proves each record to be in the log.


What to be careful with
=======================

Texts and files were written by the people who sent them. Nobody has looked through them for viruses.
In tables, a text that a spreadsheet could take for a formula begins with an apostrophe.
"""
_FORMS = {
    Format.CSV: "data/csv/           Messages and files as tables for a spreadsheet.",
    Format.RSMF: "data/rsmf/          Relativity Short Message Format 2.0, a file for each conversation and day.",
    Format.EML: "data/eml/           E-mail messages, one for each conversation and day.",
    Format.DAT: "data/dat/           A Concordance load file, with the files it names.",
    Format.HTML: "data/html/          Pages to read in any browser: open index.html.",
    Format.PDF: "data/pdf/           Transcripts to print.",
}


def text(request: Request) -> str:
    """The whole file."""
    head = _HEAD.format(
        number=request.export_id, made_at=f"{request.made_at:%Y-%m-%d %H:%M}", size=f"{request.size:,}"
    )
    forms = [line for form, line in _FORMS.items() if form in request.formats]
    return head + "".join(f"{line}\n" for line in forms) + _TAIL
