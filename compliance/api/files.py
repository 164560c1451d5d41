"""The bytes of files, whole or a part of them. Every download is recorded, each part as one."""

from django.http import HttpResponseBase
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from archive import blobs
from compliance import investigations
from compliance.api import endpoints, ranges


class BytesMissing(APIException):
    """The row is here and the bytes are not: something is wrong with the store."""

    status_code = 500
    default_detail = (
        "The archive has this file's digest, and its bytes are not on the disk. Tell whoever runs it."
    )


class OneFile(endpoints.Endpoint):
    """The bytes of a file."""

    @endpoints.described_bytes(of="files", named="get_file", asks=ranges.ASKS, also=(206, 416))
    def get(self, request: Request, attachment_id: int) -> HttpResponseBase:
        """The bytes of a file, always as something to save. Recorded as a download."""
        try:
            found = investigations.download(attachment_id=attachment_id, by=self.by, now=self.now)
        except blobs.BlobMissing as error:
            raise BytesMissing from error
        file = found.file
        return ranges.answer(request, found.stream, size=file.size_bytes, sha256=file.sha256, name=file.name)
