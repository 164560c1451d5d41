"""Columns, constraints and querysets of the record. No rules.

Evidence tables accept INSERT and SELECT only; a migration makes the database refuse the rest.
"""

from archive.models.accounts import Account
from archive.models.blobs import Blob
from archive.models.capture import DayCount, Page, Run, Unreadable, Window
from archive.models.directory import (
    Channel,
    Membership,
    Observation,
    Person,
    PersonAddress,
    PersonName,
    Session,
    SessionMember,
    SessionName,
)
from archive.models.disposition import BlobRemoval, Certificate, Tombstone, ZipTombstone
from archive.models.exports import ExportFact, ExportFile, ExportItem, ExportRecord
from archive.models.extraction import Extraction, Reading
from archive.models.groups import GroupMember, PeopleGroup
from archive.models.holds import HoldCustodian, HoldEntry, HoldFile, HoldPassage, HoldReceipt
from archive.models.index import DayIndexed, IndexState
from archive.models.log import Checkpoint, Leaf, Tile, WindowClosure
from archive.models.lookouts import Lookout, Sighting
from archive.models.messages import Attachment, Forward, Message, Revision
from archive.models.reporting import ReportCount, ReportFile, ReportSlot, ReportState
from archive.models.witness import Timestamp, Witness

EVIDENCE = (
    Blob,
    Certificate,
    Checkpoint,
    HoldReceipt,
    Leaf,
    Message,
    Observation,
    Page,
    Reading,
    Revision,
    Tile,
    Tombstone,
    Unreadable,
    WindowClosure,
    ZipTombstone,
)

__all__ = [
    "EVIDENCE",
    "Account",
    "Attachment",
    "Blob",
    "BlobRemoval",
    "Certificate",
    "Channel",
    "Checkpoint",
    "DayCount",
    "DayIndexed",
    "ExportFact",
    "ExportFile",
    "ExportItem",
    "ExportRecord",
    "Extraction",
    "Forward",
    "GroupMember",
    "HoldCustodian",
    "HoldEntry",
    "HoldFile",
    "HoldPassage",
    "HoldReceipt",
    "IndexState",
    "Leaf",
    "Lookout",
    "Membership",
    "Message",
    "Observation",
    "Page",
    "PeopleGroup",
    "Person",
    "PersonAddress",
    "PersonName",
    "Reading",
    "ReportCount",
    "ReportFile",
    "ReportSlot",
    "ReportState",
    "Revision",
    "Run",
    "Session",
    "SessionMember",
    "SessionName",
    "Sighting",
    "Tile",
    "Timestamp",
    "Tombstone",
    "Unreadable",
    "Window",
    "WindowClosure",
    "Witness",
    "ZipTombstone",
]
