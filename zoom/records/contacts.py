"""People of the company directory, and contacts of one user."""

from __future__ import annotations

from zoom.decoding import Flag, Number, Part, Record, Text


class PhoneNumber(Part, frozen=True):
    """A person's number; `label` is `Mobile`, `Office`, `Home` or `Fax`."""

    code: Text = None
    country: Text = None
    label: Text = None
    number: Text = None
    verified: Flag = None


class OwnContactRecord(Record, frozen=True):
    """A contact of the app's user; people outside the account have no user id."""

    id: Text = None
    member_id: Text = None
    email: Text = None
    first_name: Text = None
    last_name: Text = None


class ContactDetails(Record, frozen=True):
    """One contact; `presence_status` is there when it was asked for."""

    id: Text = None
    member_id: Text = None
    email: Text = None
    first_name: Text = None
    last_name: Text = None
    direct_numbers: tuple[str, ...] = ()
    extension_number: Text = None
    phone_number: Text = None
    phone_numbers: tuple[PhoneNumber, ...] = ()
    presence_status: Text = None


class ContactRecord(Record, frozen=True):
    """An entry of the company directory; `contact_type` is Zoom's number, 1 for a person.

    Only people have a `user_status`, only call queues an `activity`, only owners of a SIP phone its number.
    """

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
    direct_numbers: tuple[str, ...] = ()
    extension_number: Text = None
    phone_number: Text = None
    phone_numbers: tuple[PhoneNumber, ...] = ()
    presence_status: Text = None
    user_status: Text = None
    activity: Text = None
    sip_phone_number: Text = None
    sip_uri: Text = None
