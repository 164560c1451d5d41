"""Columns, constraints and querysets of the console. No rules."""

from compliance.models.approvals import Approval, Request, RequestCount
from compliance.models.audit import AuditEvent
from compliance.models.disposed_zips import DispositionZip
from compliance.models.disposition import Disposition, DispositionPart, TakenOut
from compliance.models.erasures import Erasure
from compliance.models.errands import Errand
from compliance.models.exports import Export
from compliance.models.health import Confirmation, Finding, HoldHealth
from compliance.models.keeping import KeepingRule
from compliance.models.matter_names import FormerName, ZoomRename
from compliance.models.matters import Custodian, Hold, Matter, MatterMember, ZoomMatter
from compliance.models.notices import Channel, Notice, NoticeKind, NoticePlan, Superior, Wording
from compliance.models.preserved import LossCount, PreservedCount, PreservedPart
from compliance.models.reconciliations import ReconciledSession, Reconciliation, ReconciliationRun
from compliance.models.retention import ChannelSetting, RetentionItem, RetentionPlan, RetentionRule
from compliance.models.searches import ListPart, MessageList, SavedSearch
from compliance.models.tags import Note, Tag, TagMark
from compliance.models.tokens import Token, TokenAnswer
from compliance.models.told import Told

__all__ = [
    "Approval",
    "AuditEvent",
    "Channel",
    "ChannelSetting",
    "Confirmation",
    "Custodian",
    "Disposition",
    "DispositionPart",
    "DispositionZip",
    "Erasure",
    "Errand",
    "Export",
    "Finding",
    "FormerName",
    "Hold",
    "HoldHealth",
    "KeepingRule",
    "ListPart",
    "LossCount",
    "Matter",
    "MatterMember",
    "MessageList",
    "Note",
    "Notice",
    "NoticeKind",
    "NoticePlan",
    "PreservedCount",
    "PreservedPart",
    "ReconciledSession",
    "Reconciliation",
    "ReconciliationRun",
    "Request",
    "RequestCount",
    "RetentionItem",
    "RetentionPlan",
    "RetentionRule",
    "SavedSearch",
    "Superior",
    "Tag",
    "TagMark",
    "TakenOut",
    "Token",
    "TokenAnswer",
    "Told",
    "Wording",
    "ZoomMatter",
    "ZoomRename",
]
