"""Legal-hold matters at Zoom and their zips."""

from __future__ import annotations

from zoom.decoding import Flag, Number, Part, Record, Text


class MatterUser(Part, frozen=True):
    """A custodian of a legal-hold matter at Zoom."""

    user_id: Text = None
    email: Text = None


class MatterRecord(Record, frozen=True):
    """A legal-hold matter at Zoom; dates are `yyyy-mm-dd`, an absent end date means it goes on."""

    matter_id: Text = None
    matter_name: Text = None
    matter_start_date: Text = None
    matter_end_date: Text = None
    matter_creation_date: Text = None
    matter_users: tuple[MatterUser, ...] = ()


class HoldFileRecord(Record, frozen=True):
    """One zip of a custodian's held chats; not every zip is ready when it is first listed."""

    file_key: Text = None
    file_count: Number = None
    file_start_date: Text = None
    file_end_date: Text = None
    ready_for_download: Flag = None
    total_file_size: Number = None
