"""Multipart forms: the fields and the files of an upload.

An upload larger than its operation allows is refused as early as it can be told: by the length it announces,
or else while it arrives. What is within the bound is held in memory, as every small file of the world is.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from sandbox.gate import Call
from sandbox.wire import Refusal

_FRAMING = 64 * 1024  # boundaries, part headers and the small fields beside a file
_MOST_PARTS = 20


@dataclass(slots=True, frozen=True)
class Sent:
    """A file as it came."""

    name: str
    data: bytes

    @property
    def extension(self) -> str:
        """The name's last part, in small letters."""
        return self.name.rpartition(".")[2].lower() if "." in self.name else ""


@dataclass(slots=True, frozen=True)
class Form:
    """What a multipart body carried, by the names of its parts."""

    fields: dict[str, str]
    files: dict[str, list[Sent]]

    def field(self, name: str) -> str | None:
        """A field, None when absent or empty."""
        return self.fields.get(name) or None

    def only_file(self, name: str) -> Sent:
        """The one file of a part; refuses none and several."""
        files = self.files.get(name, [])
        if len(files) != 1:
            raise Refusal(400, 300, f"Invalid parameter: {name} must be exactly one file.")
        return files[0]


async def form(call: Call, *, most: int) -> Form:
    """The form of a request whose files have at most so many bytes."""
    headers = call.request.headers
    if not headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise Refusal(400, 300, "Request Body should be multipart/form-data.")
    announced = headers.get("content-length", "")
    if announced.isdigit() and int(announced) > most + _FRAMING:
        raise too_large(most)
    parser = MultiPartParser(
        headers, _bounded(call, most), max_files=_MOST_PARTS, max_fields=_MOST_PARTS, max_part_size=_FRAMING
    )
    fields: dict[str, str] = {}
    files: dict[str, list[Sent]] = {}
    try:
        parts = await parser.parse()
    except MultiPartException as error:
        raise Refusal(400, 300, "Request Body should be multipart/form-data.") from error
    for name, part in parts.multi_items():
        if isinstance(part, UploadFile):
            sent = Sent(part.filename or "", await part.read())
            if len(sent.data) > most:
                raise too_large(most)
            files.setdefault(name, []).append(sent)
        else:
            fields[name] = part
    await parts.close()
    return Form(fields, files)


def too_large(most: int) -> Refusal:
    """The refusal of a file beyond a bound."""
    return Refusal(400, 300, f"Maximum file size exceeded: {most}")


async def _bounded(call: Call, most: int) -> AsyncGenerator[bytes, None]:
    size = 0
    async for piece in call.request.stream():
        size += len(piece)
        if size > most + _FRAMING:
            raise too_large(most)
        yield piece
