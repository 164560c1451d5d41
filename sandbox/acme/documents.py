"""Small real files of real formats, made by code: what people attach.

Every file opens in the program it is for. Contents depend on the name, title and seed number alone, so the
same world has the same digests. Nothing is read from disk.
"""

import io
import json
import struct
import zipfile
from collections.abc import Callable
from xml.sax.saxutils import escape

from sandbox import identity
from sandbox.acme import pictures

_EPOCH = (2026, 1, 1, 0, 0, 0)
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"


def made(name: str, *, title: str, number: int) -> bytes:
    """The bytes of a file, by the extension of its name."""
    extension = name.rpartition(".")[2].lower()
    return _MAKERS.get(extension, text)(title, number)


def text(title: str, number: int) -> bytes:
    """Plain text, a few paragraphs."""
    lines = [f"{index}. {sentence}" for index, sentence in enumerate(_sentences(title, number), start=1)]
    return (title + "\n\n" + "\n".join(lines) + "\n").encode()


def csv(title: str, number: int) -> bytes:
    """A table of figures."""
    rows = [f"{title};quantity;amount"]
    rows += [
        f"item {n};{_figure(title, number, n) % 90};{_figure(title, number, -n) % 90000 / 100}"
        for n in range(1, 15)
    ]
    return ("\r\n".join(rows) + "\r\n").encode()


def markdown(title: str, number: int) -> bytes:
    """Notes of a meeting."""
    return (f"# {title}\n\n" + "\n".join(f"- {one}" for one in _sentences(title, number)) + "\n").encode()


def json_file(title: str, number: int) -> bytes:
    """A settings file."""
    values = {f"sensor_{n}": _figure(title, number, n) % 4096 for n in range(8)}
    return json.dumps({"title": title, "values": values}, ensure_ascii=False, indent=2).encode()


def html(title: str, number: int) -> bytes:
    """A page."""
    body = "".join(f"<p>{escape(one)}</p>" for one in _sentences(title, number))
    return f'<!doctype html><meta charset="utf-8"><title>{escape(title)}</title>{body}\n'.encode()


def calendar(title: str, number: int) -> bytes:
    """An invitation (RFC 5545)."""
    start = 20260701 + number % 28
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Acme Instruments//EN",
        "BEGIN:VEVENT",
        f"UID:{identity.short(title, number)}@acme.example",
        f"DTSTAMP:{start}T080000Z",
        f"DTSTART:{start}T090000Z",
        f"SUMMARY:{title}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return ("\r\n".join(lines) + "\r\n").encode()


def mail(title: str, number: int) -> bytes:
    """A mail somebody saved (RFC 5322)."""
    head = f"From: office@acme.example\r\nTo: team@acme.example\r\nSubject: =?utf-8?Q?note_{number}?=\r\n"
    kind = (
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
    )
    return (head + kind + "\r\n" + title + "\r\n" + "\r\n".join(_sentences(title, number)) + "\r\n").encode()


def pdf(title: str, number: int) -> bytes:
    """One page of text (ISO 32000-1, the parts a reader insists on)."""
    lines = [title, "", *_sentences(title, number)]
    shown = "".join(f"({_pdf_text(line)}) Tj T* " for line in lines)
    stream = f"BT /F1 12 Tf 16 TL 72 770 Td {shown}ET".encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out, offsets = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for index, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (index, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def docx(title: str, number: int) -> bytes:
    """A word-processor document (ECMA-376, the smallest one)."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    lines = [title, *_sentences(title, number)]
    body = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in lines)
    document = f"<w:document {space}><w:body>{body}</w:body></w:document>"
    return _package("word/document.xml", _WORD, {"word/document.xml": document})


def xlsx(title: str, number: int) -> bytes:
    """A workbook with one sheet (ECMA-376, the smallest one)."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relation = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    rows = f'<row><c t="inlineStr"><is><t>{escape(title)}</t></is></c></row>' + "".join(
        f"<row><c><v>{n}</v></c><c><v>{_figure(title, number, n) % 90000 / 100}</v></c></row>"
        for n in range(1, 20)
    )
    book = f'<workbook {space} {relation}><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>'
    )
    parts = {
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": relations,
        "xl/worksheets/sheet1.xml": f"<worksheet {space}><sheetData>{rows}</sheetData></worksheet>",
    }
    return _package("xl/workbook.xml", _SHEET, parts)


def archive(title: str, number: int) -> bytes:
    """A zip with two files inside."""
    return _zip({"notes.md": markdown(title, number), "figures.csv": csv(title, number)})


def sound(title: str, number: int) -> bytes:
    """A short beep (RIFF WAVE, 8 kHz mono)."""
    length = 3000 + 2 * (_figure(title, number, 1) % 2000)
    period = 10 + _figure(title, number, 0) % 30
    samples = bytes(128 + (40 if index // period % 2 else -40) for index in range(length))
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        36 + len(samples),
        b"WAVE",
        b"fmt ",
        16,
        1,
        1,
        8000,
        8000,
        1,
        8,
        b"data",
        len(samples),
    )
    return head + samples


def _zip(parts: dict[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in parts.items():
            out.writestr(zipfile.ZipInfo(name, date_time=_EPOCH), data, zipfile.ZIP_DEFLATED)
    return whole.getvalue()


def _package(main: str, kind: str, parts: dict[str, str]) -> bytes:
    """An Open Packaging Conventions package around its main part."""
    sheet = "xl/worksheets/sheet1.xml"
    more = (
        f'<Override PartName="/{sheet}" ContentType="application/vnd.openxmlformats-officedocument'
        '.spreadsheetml.worksheet+xml"/>'
        if sheet in parts
        else ""
    )
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/{main}" ContentType="{kind}"/>{more}</Types>'
    )
    root = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATION}" Target="{main}"/></Relationships>'
    )
    whole = {"[Content_Types].xml": types, "_rels/.rels": root, **parts}
    declared = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return _zip({name: (declared + part).encode() for name, part in whole.items()})


def _pdf_text(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _figure(title: str, number: int, index: int) -> int:
    return identity.number(title, number, index)


def _sentences(title: str, number: int) -> list[str]:
    opening = ("The plan for", "Open question on", "Decision about", "Figures of", "Next step for", "Risk in")
    subject = ("the delivery", "the contract", "the test series", "the invoice", "the supplier", "the launch")
    return [
        f"{opening[_figure(title, number, n) % 6]} {subject[_figure(title, number, n + 50) % 6]}: "
        f"{_figure(title, number, n + 99) % 10000} units, reference {identity.short(title, number, n)[:6]}."
        for n in range(6)
    ]


_MAKERS: dict[str, Callable[[str, int], bytes]] = {
    "txt": text,
    "log": text,
    "csv": csv,
    "md": markdown,
    "json": json_file,
    "html": html,
    "ics": calendar,
    "eml": mail,
    "pdf": pdf,
    "docx": docx,
    "xlsx": xlsx,
    "zip": archive,
    "wav": sound,
    "png": pictures.png,
    "jpg": pictures.jpeg,
    "gif": pictures.gif,
    "svg": pictures.svg,
}
EXTENSIONS = tuple(_MAKERS)
