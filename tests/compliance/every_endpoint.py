"""Every endpoint of the REST API: what it takes to read there, what to change something there, and a body that is complete.

An endpoint that is in neither table fails the test; so does one that is there no longer. Names are those of
compliance/api/urls.py.
"""

from collections.abc import Mapping

from compliance.permissions import Action
from tests.compliance.every_address import INSIDE, Needs

READS: Mapping[str, Needs] = {
    "api_me": INSIDE,
    "api_accounts": Action.SEE_COMPLETENESS,
    "api_account_coverage": Action.SEE_COMPLETENESS,
    "api_people": Action.SEE_COMPLETENESS,
    "api_person": Action.SEE_COMPLETENESS,
    "api_sessions": Action.SEE_COMPLETENESS,
    "api_session": Action.SEE_COMPLETENESS,
    "api_session_coverage": Action.SEE_COMPLETENESS,
    "api_messages": Action.READ_MESSAGES,
    "api_message": Action.READ_MESSAGES,
    "api_file": Action.DOWNLOAD,
    "api_search": Action.SEARCH,
    "api_searches": Action.SEARCH,
    "api_saved_search": frozenset({Action.SEARCH, Action.READ_MESSAGES}),
    "api_lists": Action.READ_MESSAGES,
    "api_list": Action.READ_MESSAGES,
    "api_list_ids": Action.TAKE_LIST,
    "api_matters": Action.SEE_MATTER,
    "api_matter": Action.SEE_MATTER,
    "api_holds": Action.SEE_MATTER,
    "api_channels": Action.SEE_RETENTION,
    "api_channel": Action.SEE_RETENTION,
    "api_zoom_rules": Action.SEE_RETENTION,
    "api_zoom_rule": Action.SEE_RETENTION,
    "api_archive_rules": Action.SEE_DISPOSITION,
    "api_archive_rule": Action.SEE_DISPOSITION,
    "api_dispositions": Action.SEE_DISPOSITION,
    "api_disposition": Action.SEE_DISPOSITION,
    "api_certificate": Action.SEE_DISPOSITION,
    "api_certificate_on_paper": Action.SEE_DISPOSITION,
    "api_exports": Action.EXPORT,
    "api_export": Action.EXPORT,
    "api_part": Action.EXPORT,
    "api_certificate_of_export": Action.EXPORT,
    "api_audit": Action.SEE_AUDIT,
    "api_event": Action.SEE_AUDIT,
    "api_log": Action.SEE_SYSTEM,
    "api_checkpoints": Action.SEE_SYSTEM,
    "api_checkpoint": Action.SEE_SYSTEM,
    "api_tile": Action.SEE_SYSTEM,
    "api_leaf": Action.SEE_SYSTEM,
    "api_inclusion": Action.SEE_SYSTEM,
    "api_consistency": Action.SEE_SYSTEM,
}
ASKED: Mapping[str, Mapping[str, str]] = {
    "api_search": {"q": "plain"},
    "api_inclusion": {"index": "0"},
    "api_consistency": {"old": "1"},
    "api_session_coverage": {"first": "2026-11-01", "last": "2026-11-03"},
    "api_account_coverage": {"first": "2026-11-01", "last": "2026-11-03"},
}
"""What is asked in the address, where something must be."""
WRITES: Mapping[tuple[str, str], tuple[Needs, Mapping[str, object] | None]] = {
    ("api_searches", "POST"): (
        frozenset({Action.SAVE_SEARCH, Action.SEARCH}),
        {"name": "By program", "query": "plain"},
    ),
    ("api_saved_search", "DELETE"): (Action.SAVE_SEARCH, None),
    ("api_runs", "POST"): (Action.SEARCH, None),
    ("api_lists", "POST"): (Action.FREEZE, {"name": "By program", "query": "plain"}),
    ("api_matters", "POST"): (
        Action.OPEN_MATTER,
        {"account_id": "{account_id}", "name": "By program", "reason": "It asks.", "person_ids": ["{free}"]},
    ),
    ("api_exports", "POST"): (
        frozenset({Action.EXPORT, Action.SEE_MATTER}),
        {"kind": "matter", "key": "{matter_id}", "title": "By program", "reason": "It asks."},
    ),
    ("api_export", "DELETE"): (Action.EXPORT, None),
    ("api_make_export", "POST"): (Action.EXPORT, {"digest": "{digest_of_export}"}),
    ("api_again_export", "POST"): (Action.EXPORT, None),
    ("api_anew_export", "POST"): (Action.EXPORT, None),
    ("api_custodians", "POST"): (
        frozenset({Action.SEE_MATTER, Action.CHANGE_MATTER}),
        {"person_ids": ["{free}"]},
    ),
    ("api_conversations", "POST"): (
        frozenset({Action.SEE_MATTER, Action.CHANGE_MATTER}),
        {"session_ids": ["{session_id}"], "days": {"since": "2026-01-01"}},
    ),
}
NOT_YET: Mapping[str, int] = {
    "api_certificate": 409,
    "api_certificate_on_paper": 409,
    "api_tile": 404,
    "api_export": 409,
    "api_make_export": 409,
    "api_again_export": 409,
}
"""What these answer somebody who may ask: nothing was destroyed, the archive is small, the export is made already."""
