"""Legal hold at Zoom: matters, the zips made for their custodians, and the zips' bytes.

Only a matter's name can be changed after its creation. Deleting a matter ends the hold at Zoom: this module
does it when told to, the decision and its approval are the caller's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from zoom import calls, checks, downloads, made, paging
from zoom.calls import Caller
from zoom.downloads import Download, Progress
from zoom.errors import RequestNote
from zoom.operations.table import OPERATIONS
from zoom.records.legal_hold import HoldFileRecord, MatterRecord
from zoom.replies import ListPage


@dataclass(frozen=True, slots=True)
class LegalHold:
    """The operations tagged Legal Hold."""

    _caller: Caller

    def matters(self) -> Iterator[ListPage[MatterRecord]]:
        """Every matter, 100 a page.

        API: listLegalHoldMatters, RESOURCE-INTENSIVE.
        Scopes: chat_history_legal_hold:read:admin, chat_history_legal_hold:write:admin;
        granular team_chat:read:list_legal_hold_matters:admin.
        """
        return paging.listed(
            self._caller, "listLegalHoldMatters", MatterRecord, name="legal_hold_matters", page_size=100
        )

    def create(
        self, *, name: str, identifiers: Sequence[str], start: date | None = None, end: date | None = None
    ) -> str:
        """Place a hold and return the matter's id.

        `name` has 1 to 128 characters; `identifiers` are 1 to 20 user ids or e-mails, each once. Without `start`
        Zoom begins today, without `end` the hold goes on. A creation whose outcome is unknown is not repeated:
        list the matters to see whether it happened. Raises NotFound (1001) when one of the people is none of
        the account's.

        API: addLegalHoldMatter, RESOURCE-INTENSIVE.
        Scopes: chat_history_legal_hold:write:admin; granular team_chat:write:legal_hold_matter:admin.
        """
        content = {"matter_name": name, "identifiers": identifiers, "start_date": start, "end_date": end}
        read = made.id_of(MatterRecord, lambda one: one.matter_id)
        return self._caller.call("addLegalHoldMatter", read=read, content=content)

    def rename(self, *, matter_id: str, name: str) -> None:
        """Give a matter another name of 1 to 128 characters.

        Raises NotFound (1001) when there is no such matter.

        API: updateLegalHoldMatter, LIGHT.
        Scopes: chat_history_legal_hold:write:admin; granular team_chat:update:legal_hold_matter:admin.
        """
        self._caller.done("updateLegalHoldMatter", content={"matter_name": name}, ids={"matterId": matter_id})

    def delete(self, *, matter_id: str) -> None:
        """End the hold at Zoom. Raises NotFound (1001) when there is no such matter.

        API: deleteLegalHoldMatters, LIGHT.
        Scopes: chat_history_legal_hold:write:admin; granular team_chat:delete:legal_hold_matter:admin.
        """
        self._caller.done("deleteLegalHoldMatters", ids={"matterId": matter_id})

    def files(self, *, matter_id: str, identifier: str) -> Iterator[ListPage[HoldFileRecord]]:
        """The zips of one custodian (user id or e-mail) in a matter, 20 a page, ready or not.

        Raises NotFound (1001) when there is no such matter or the person is not in it.

        API: listLegalHoldFiles, LIGHT.
        Scopes: chat_history_legal_hold:read:admin, chat_history_legal_hold:write:admin;
        granular team_chat:read:list_legal_hold_matter_files:admin.
        """
        return paging.listed(
            self._caller,
            "listLegalHoldFiles",
            HoldFileRecord,
            name="data",
            page_size=20,
            query={"identifier": identifier},
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
        progress: Progress | None = None,
    ) -> Download:
        """Bring one zip of at most `limit_bytes`, byte for byte, to a file of this machine.

        A download that ended early is gone on with by the next one to the same file; `progress` is told the bytes
        that are here. Raises NotFound when there is no such zip or it is not ready, TooLarge when more comes than
        `expected_size` or the limit, DownloadInterrupted when its bytes stop coming.

        API: downloadLegalHoldFiles, LIGHT.
        Scopes: chat_history_legal_hold:read:admin, chat_history_legal_hold:write:admin;
        granular team_chat:read:legal_hold_matter_file:admin.
        """
        operation = OPERATIONS["downloadLegalHoldFiles"]
        query = checks.query(operation, {"file_key": file_key})
        path = calls.path_of(operation, {"matterId": matter_id})
        source = downloads.Source(
            url=self._caller.address(operation, path, query),
            note=RequestNote(operation.id, operation.method, path, query),
            operation=operation,
        )
        return downloads.download(
            self._caller,
            source,
            to=to,
            expected_size=expected_size,
            limit_bytes=limit_bytes,
            resume=True,
            progress=progress,
        )
