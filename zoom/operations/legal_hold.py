"""Legal hold at Zoom: matters, the zips made for their custodians, and the zips' bytes.

Only a matter's name can be changed after its creation. Deleting a matter ends the hold at Zoom: this module
does it when told to, the decision and its approval are the caller's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from zoom import calls, decoding, downloads, paging
from zoom.calls import Caller
from zoom.downloads import Download
from zoom.errors import RequestNote, UnexpectedReply
from zoom.operations.table import OPERATIONS
from zoom.records import HoldFileRecord, ListPage, MatterRecord, Reply

CUSTODIANS_A_MATTER = 20
NAME_CHARACTERS = 128


@dataclass(frozen=True, slots=True)
class LegalHold:
    """The operations tagged Legal Hold."""

    _caller: Caller

    def matters(self) -> Iterator[ListPage[MatterRecord]]:
        """Every matter, 100 a page; RESOURCE-INTENSIVE (listLegalHoldMatters)."""
        return paging.listed(
            self._caller, "listLegalHoldMatters", MatterRecord, name="legal_hold_matters", page_size=100
        )

    def create(
        self, *, name: str, identifiers: Sequence[str], start: date | None = None, end: date | None = None
    ) -> str:
        """Place a hold on 1 to 20 user ids or e-mails and return the matter's id (addLegalHoldMatter).

        Without `start` Zoom begins today, without `end` the hold goes on. A creation whose outcome is unknown
        is not repeated: list the matters to see whether it happened.
        """
        _check_name(name)
        if not 1 <= len(identifiers) <= CUSTODIANS_A_MATTER:
            raise ValueError(f"a matter holds 1 to {CUSTODIANS_A_MATTER} people, not {len(identifiers)}")
        content: dict[str, Any] = {"matter_name": name, "identifiers": list(identifiers)}
        if start is not None:
            content["start_date"] = start.isoformat()
        if end is not None:
            content["end_date"] = end.isoformat()
        return self._caller.call("addLegalHoldMatter", read=_created, content=content)

    def rename(self, *, matter_id: str, name: str) -> None:
        """Give a matter another name (updateLegalHoldMatter)."""
        _check_name(name)
        self._caller.call(
            "updateLegalHoldMatter", read=_done, content={"matter_name": name}, ids={"matterId": matter_id}
        )

    def delete(self, *, matter_id: str) -> None:
        """End the hold at Zoom (deleteLegalHoldMatters)."""
        self._caller.call("deleteLegalHoldMatters", read=_done, ids={"matterId": matter_id})

    def files(self, *, matter_id: str, identifier: str) -> Iterator[ListPage[HoldFileRecord]]:
        """The zips of one custodian in a matter, 20 a page, ready or not (listLegalHoldFiles)."""
        return paging.listed(
            self._caller,
            "listLegalHoldFiles",
            HoldFileRecord,
            name="data",
            page_size=20,
            query=(("identifier", identifier),),
            ids={"matterId": matter_id},
        )

    def download(
        self,
        *,
        matter_id: str,
        file_key: str,
        to: Path,
        expected_size: int | None = None,
        limit_bytes: int = downloads.LIMIT_BYTES,
    ) -> Download:
        """Bring one zip, byte for byte (downloadLegalHoldFiles)."""
        operation = OPERATIONS["downloadLegalHoldFiles"]
        query = (("file_key", file_key),)
        path = calls.path_of(operation, {"matterId": matter_id})
        source = downloads.Source(
            url=f"{self._caller.api_url}{path}?{urlencode(query, errors='surrogatepass')}",
            note=RequestNote(operation.id, operation.method, path, query),
            operation=operation,
        )
        return downloads.download(
            self._caller, source, to=to, expected_size=expected_size, limit_bytes=limit_bytes
        )


def _check_name(name: str) -> None:
    if not 1 <= len(name) <= NAME_CHARACTERS:
        raise ValueError(f"a matter's name has 1 to {NAME_CHARACTERS} characters, not {len(name)}")


def _created(reply: Reply) -> str:
    made = decoding.whole(MatterRecord, reply.body, status=reply.status, request=reply.request)
    if made.matter_id is None:
        raise UnexpectedReply(
            f"{reply.request.operation}: the new matter has no id",
            body=reply.body,
            status=reply.status,
            request=reply.request,
        )
    return made.matter_id


def _done(reply: Reply) -> None:
    """Nothing is said when it worked."""
