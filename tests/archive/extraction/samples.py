"""Files as other programs write them, made by hand: of each kind the least that a reader must understand."""

import io
import zipfile
from email.message import EmailMessage

from pypdf import PdfReader, PdfWriter

from sandbox.acme import documents

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SLIDE = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="p" xmlns:mc="mc"'
OPEN = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
)


def zipped(entries: dict[str, bytes | str], *, stored: bool = False) -> bytes:
    """A zip of these entries, in their order."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as out:
        for name, data in entries.items():
            out.writestr(name, data)
    return whole.getvalue()


def docx() -> bytes:
    """A text with a deletion that is still there, a footnote, a header, a table, text said twice, and a sheet in it."""
    body = (
        "<w:p><w:r><w:t>The merger closes</w:t></w:r><w:r><w:t xml:space='preserve'> on Friday</w:t></w:r></w:p>"
        "<w:p><w:del><w:r><w:delText>burn the ledger</w:delText></w:r></w:del></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>left</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>right</w:t></w:r></w:p>"
        "</w:tc></w:tr></w:tbl>"
        "<mc:AlternateContent xmlns:mc='m'><mc:Choice><w:t>once</w:t></mc:Choice><mc:Fallback><w:t>once</w:t>"
        "</mc:Fallback></mc:AlternateContent>"
    )
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f"<w:document {WORD}><w:body>{body}</w:body></w:document>",
            "word/header1.xml": f"<w:hdr {WORD}><w:p><w:r><w:t>strictly private</w:t></w:r></w:p></w:hdr>",
            "word/footnotes.xml": f"<w:footnotes {WORD}><w:p><w:r><w:t>see annex</w:t></w:r></w:p></w:footnotes>",
            "word/styles.xml": f"<w:styles {WORD}><w:t>nobody reads this</w:t></w:styles>",
            "word/embeddings/book.xlsx": xlsx(),
            "docProps/core.xml": "<c:coreProperties xmlns:c='c' xmlns:d='d'><d:title>Closing</d:title></c:coreProperties>",
        }
    )


def xlsx() -> bytes:
    """Shared strings, a number, a text of its own, two sheets of which one is hidden, a comment."""
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.xml": f'<workbook {SHEET}><sheets><sheet name="Offshore"/><sheet name="Slush" state="hidden"/>'
            "</sheets></workbook>",
            "xl/sharedStrings.xml": f"<sst {SHEET}><si><t>Account</t></si><si><r><t>Zür</t></r><r><t>ich</t></r></si></sst>",
            "xl/worksheets/sheet1.xml": f'<worksheet {SHEET}><sheetData><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c>'
            "<c><v>1250000</v></c></row></sheetData></worksheet>",
            "xl/worksheets/sheet2.xml": f'<worksheet {SHEET}><sheetData><row><c t="inlineStr"><is><t>hidden cell</t></is>'
            "</c></row></sheetData></worksheet>",
            "xl/comments1.xml": f"<comments {SHEET}><comment><text><r><t>ask Ravi</t></r></text></comment></comments>",
        }
    )


def pptx() -> bytes:
    """Ten slides and more, to be read in their order, and a note."""
    slides: dict[str, bytes | str] = {
        f"ppt/slides/slide{n}.xml": f"<p:sld {SLIDE}><a:p><a:r><a:t>slide number {n}</a:t></a:r></a:p></p:sld>"
        for n in (10, 1, 2)
    }
    note = f"<p:notes {SLIDE}><a:p><a:r><a:t>say nothing of this</a:t></a:r></a:p></p:notes>"
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "ppt/presentation.xml": f"<p:presentation {SLIDE}/>",
            **slides,
            "ppt/notesSlides/notesSlide1.xml": note,
        }
    )


def opendocument(kind: str = "text", *, manifest: str = "<manifest/>") -> bytes:
    """An OpenDocument file of a kind."""
    body = (
        '<text:h>Heading</text:h><text:p>one<text:s/>two<text:line-break/>three</text:p><table:table table:name="Costs">'
        "<table:table-row><table:table-cell><text:p>cell</text:p></table:table-cell></table:table-row></table:table>"
    )
    return zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "META-INF/manifest.xml": manifest,
            "content.xml": f"<office:document-content {OPEN}><office:body>{body}</office:body></office:document-content>",
            "meta.xml": '<m xmlns:d="d"><d:title>Draft seven</d:title></m>',
        },
        stored=True,
    )


def mail() -> bytes:
    """A mail in HTML and in text, with a PDF and another mail attached."""
    inner = EmailMessage()
    inner["From"], inner["To"], inner["Subject"] = "olu@out.example", "ines@acme.example", "inner"
    inner.set_content("forwarded words")
    message = EmailMessage()
    message["From"], message["To"] = "Inês Olsson <ines@acme.example>", "ravi@acme.example"
    message["Subject"] = "Größe des Schadens"
    message.set_content("plain words\n")
    message.add_alternative("<p>rich <b>words</b></p><script>not words</script>", subtype="html")
    message.add_attachment(pdf("inside the pdf"), maintype="application", subtype="pdf", filename="plan.pdf")
    message.add_attachment(inner)
    return bytes(message)


def pdf(title: str) -> bytes:
    """A page of text."""
    return documents.pdf(title, 1)


def locked_pdf(*, password: str) -> bytes:
    """The same, encrypted; with an empty password anybody may open it."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("locked words"))))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def scanned_pdf() -> bytes:
    """A page that is nothing but a picture."""
    picture = (
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>"
        b"\nstream\n\x00\nendstream"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 5 0 R "
        b"/Resources << /XObject << /I 4 0 R >> >> >>",
        picture,
        b"<< /Length 5 >>\nstream\n/I Do\nendstream",
    ]
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, one in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return bytes(out + b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start)
