"""People of the company directory."""

from __future__ import annotations

from zoom.decoding import Number, Record, Text


class ContactRecord(Record, frozen=True):
    """A person of the company directory."""

    id: Text = None
    member_id: Text = None
    email: Text = None
    display_name: Text = None
    first_name: Text = None
    last_name: Text = None
    contact_type: Number = None
    dept: Text = None
    job_title: Text = None
    location: Text = None
    im_group_id: Text = None
    im_group_name: Text = None
    user_status: Text = None
