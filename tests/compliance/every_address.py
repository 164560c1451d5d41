"""Every address of the console: what it takes to read there, what to write there, and a form that is complete.

An address that is in neither table fails the test; so does one that is there no longer. What is only in READS
answers no POST, and what is only in WRITES no GET. Names are those of compliance/urls.py.
"""

from collections.abc import Mapping
from enum import StrEnum

from compliance.permissions import Action


class Everybody(StrEnum):
    """Who needs no action of the matrix."""

    OUTSIDE = "anybody, signed in or not"
    INSIDE = "whoever is signed in"


Needs = Action | frozenset[Action] | Everybody
"""One action, or all of several."""
OUTSIDE, INSIDE = Everybody.OUTSIDE, Everybody.INSIDE

READS: Mapping[str, Needs] = {
    "overview": INSIDE,  # says to somebody without a role what to do about it
    "overview_facts": Action.SEE_COMPLETENESS,
    "overview_activity": Action.SEE_COMPLETENESS,
    "capture": Action.SEE_COMPLETENESS,
    "capture_progress": Action.SEE_COMPLETENESS,
    "search": Action.SEARCH,
    "search_preview": Action.READ_MESSAGES,
    "unsearched": Action.READ_MESSAGES,
    "searches": Action.SEARCH,
    "saved_search": Action.SEARCH,
    "lists": Action.READ_MESSAGES,
    "list": Action.READ_MESSAGES,
    "list_progress": Action.SEARCH,
    "take_list": Action.TAKE_LIST,
    "compare": Action.SEARCH,
    "matters": Action.SEE_MATTER,
    "open_matter": Action.OPEN_MATTER,
    "find_people": Action.OPEN_MATTER,
    "matter": Action.SEE_MATTER,
    "matter_custodians": Action.SEE_MATTER,
    "matter_preserved": Action.SEE_MATTER,
    "matter_search": Action.SEARCH,
    "preserved_progress": Action.SEE_MATTER,
    "matter_files": Action.SEE_MATTER,
    "matter_files_progress": Action.SEE_MATTER,
    "matter_file": frozenset({Action.SEE_MATTER, Action.READ_MESSAGES}),
    "matter_health": Action.SEE_MATTER,
    "matter_release": Action.RELEASE,
    "loss_progress": Action.RELEASE,
    "matter_members": Action.SEE_MATTER,
    "matter_timeline": Action.SEE_MATTER,
    "matter_notices": Action.SEE_MATTER,
    "notices_of": Action.SEE_MATTER,
    "notice": Action.SEE_MATTER,
    "tags": Action.SEARCH,
    "sessions": Action.SEE_COMPLETENESS,
    "session": Action.READ_MESSAGES,
    "session_calendar": Action.SEE_COMPLETENESS,
    "message": Action.READ_MESSAGES,
    "file": Action.DOWNLOAD,
    "reports": Action.SEE_COMPLETENESS,
    "report_sessions": Action.SEE_REPORTS,
    "take_report_sessions": Action.TAKE_REPORT,
    "completeness": Action.SEE_COMPLETENESS,
    "completeness_session": Action.SEE_COMPLETENESS,
    "completeness_day": Action.SEE_COMPLETENESS,
    "approvals": Action.SEE_REQUESTS,
    "approval": Action.SEE_REQUESTS,
    "approval_awaited": Action.SEE_REQUESTS,
    "wordings": Action.SEE_WORDINGS,
    "wording": Action.SEE_WORDINGS,
    "write_wording": Action.WRITE_WORDINGS,
    "dispositions": Action.SEE_DISPOSITION,
    "disposition": Action.SEE_DISPOSITION,
    "disposition_progress": Action.SEE_DISPOSITION,
    "keeping_rules": Action.SEE_DISPOSITION,
    "keeping_rule": Action.SEE_DISPOSITION,
    "write_keeping_rule": Action.SET_KEEPING,
    "replace_keeping_rule": frozenset({Action.SEE_DISPOSITION, Action.SET_KEEPING}),
    "system": Action.SEE_SYSTEM,
    "metrics": Action.SEE_SYSTEM,
    "audit": Action.SEE_AUDIT,
    "audit_event": Action.SEE_AUDIT,
    "people": Action.APPOINT,
    "person": Action.APPOINT,
    "invite": Action.APPOINT,
    "told": INSIDE,
    "account": INSIDE,
    "invited": INSIDE,
    "account_logout": INSIDE,
    "account_change_password": INSIDE,
    "account_reauthenticate": INSIDE,
    "mfa_index": INSIDE,
    "mfa_reauthenticate": INSIDE,
    "mfa_reauthenticate_webauthn": INSIDE,
    "mfa_activate_totp": INSIDE,
    "mfa_deactivate_totp": INSIDE,
    "mfa_view_recovery_codes": INSIDE,
    "mfa_generate_recovery_codes": INSIDE,
    "mfa_download_recovery_codes": INSIDE,
    "mfa_list_webauthn": INSIDE,
    "mfa_add_webauthn": INSIDE,
    "mfa_edit_webauthn": INSIDE,
    "mfa_remove_webauthn": INSIDE,
    "acknowledge": OUTSIDE,  # by the signature of its link
    "account_login": OUTSIDE,
    "account_inactive": OUTSIDE,
    "account_signup": OUTSIDE,  # says that there is none
    "set_password": OUTSIDE,  # by the signature of its link
    "mfa_authenticate": OUTSIDE,  # between the password and the second factor nobody is signed in
    "mfa_login_webauthn": OUTSIDE,
    "single_sign_on": OUTSIDE,
    "openid_connect_callback": OUTSIDE,
    "socialaccount_login_cancelled": OUTSIDE,
    "alive": OUTSIDE,
    "ready": OUTSIDE,
}

_ASKED = {"q": "plain", "order": "newest"}
WRITES: Mapping[str, tuple[Needs, Mapping[str, str]]] = {
    "capture_start": (Action.START_CAPTURE, {}),
    "save_search": (Action.SAVE_SEARCH, {"name": "Mine", **_ASKED}),
    "run_search": (Action.SEARCH, {}),
    "change_search": (Action.SAVE_SEARCH, {"name": "Other"}),
    "remove_search": (Action.SAVE_SEARCH, {}),
    "freeze": (Action.FREEZE, {"name": "Frozen", **_ASKED}),
    "make_tag": (Action.MAKE_TAG, {"name": "cold", "colour": "held"}),
    "mark": (Action.TAG, {"tag": "{tag}", "do": "put", "message": "{message_id}"}),
    "note": (Action.TAG, {"text": "words"}),
    "open_matter": (Action.OPEN_MATTER, {}),
    "add_custodians": (Action.CHANGE_MATTER, {}),
    "ask_zoom_again": (Action.CHANGE_MATTER, {}),
    "count_preserved": (Action.SEE_MATTER, {}),
    "deal_with_findings": (
        Action.CHANGE_MATTER,
        {"words": "It was looked into and may stay.", "finding": "1"},
    ),
    "place_again": (Action.CHANGE_MATTER, {}),
    "confirm_setting": (Action.CHANGE_MATTER, {"setting": "{setting}", "is_so": "yes"}),
    "look_at_health": (Action.SEE_MATTER, {}),
    "ask_release": (Action.RELEASE, {"do": "release", "reason": "It is over."}),
    "stop_losses": (Action.RELEASE, {}),
    "change_members": (Action.CHANGE_MATTER, {"user": "{user}"}),
    "join_matter": (Action.OPEN_MATTER, {"reason": "Nobody is left."}),
    "notice_plan": (
        Action.CHANGE_MATTER,
        {
            "at_once": "no",
            "way": "mail",
            "remind_after_days": "7",
            "reminders": "2",
            "escalate_after_days": "0",
        },
    ),
    "send_notices": (Action.CHANGE_MATTER, {}),
    "resend": (Action.CHANGE_MATTER, {}),
    "superior": (Action.CHANGE_MATTER, {"name": "Hanna Boss", "email": "hanna@acme.example"}),
    "decide_notice": (Action.CHANGE_MATTER, {"do": "discard", "why": "Not needed."}),
    "approve": (
        Action.MAKE_TAG,
        {"digest": "{digest}", "typed": "retire"},
    ),  # the kind of these scenes says so
    "refuse": (Action.MAKE_TAG, {"reason": "Not now."}),
    "withdraw": (frozenset({Action.MAKE_TAG, Action.SEE_REQUESTS}), {}),  # or having asked
    "ask_wording": (Action.WRITE_WORDINGS, {"reason": "It is better."}),
    "write_wording": (Action.WRITE_WORDINGS, {"kind": "hold", "subject": "x", "body": "y"}),
    "start_disposition": (Action.DISPOSE, {}),
    "take_out": (Action.DISPOSE, {"session": "{session_id}", "reason": "It is needed."}),
    "ask_disposition": (Action.DISPOSE, {"reason": "It is due.", "typed": "destroy"}),
    "discard_disposition": (Action.DISPOSE, {"reason": "Not now."}),
    "stop_disposition": (Action.DISPOSE, {"reason": "Not now."}),
    "write_keeping_rule": (Action.SET_KEEPING, {}),
    "replace_keeping_rule": (frozenset({Action.SEE_DISPOSITION, Action.SET_KEEPING}), {}),
    "end_keeping_rule": (Action.SET_KEEPING, {"reason": "It is not needed."}),
    "metrics": (Action.SEE_SYSTEM, {}),
    "invite": (Action.APPOINT, {"full_name": "Lena Ortiz", "email": "lena@example.test"}),
    "set_roles": (Action.APPOINT, {"roles": "Auditor"}),
    "describe_person": (Action.APPOINT, {"full_name": "Ravi K.", "email": "ravi@example.test"}),
    "switch_person": (Action.APPOINT, {"active": "no"}),
    "send_link": (Action.APPOINT, {}),
    "take_factors": (Action.APPOINT, {}),
    "set_password": (OUTSIDE, {}),
    "invited": (INSIDE, {}),
    "theme": (INSIDE, {}),
    "end_session": (INSIDE, {}),
    "end_other_sessions": (INSIDE, {}),
    "account_logout": (INSIDE, {}),
    "account_change_password": (INSIDE, {}),
    "account_reauthenticate": (INSIDE, {}),
    "mfa_reauthenticate": (INSIDE, {}),
    "mfa_reauthenticate_webauthn": (INSIDE, {}),
    "mfa_activate_totp": (INSIDE, {}),
    "mfa_deactivate_totp": (INSIDE, {}),
    "mfa_generate_recovery_codes": (INSIDE, {}),
    "mfa_download_recovery_codes": (INSIDE, {}),
    "mfa_list_webauthn": (INSIDE, {}),
    "mfa_add_webauthn": (INSIDE, {}),
    "mfa_edit_webauthn": (INSIDE, {}),
    "mfa_remove_webauthn": (INSIDE, {}),
    "acknowledge": (OUTSIDE, {}),
    "account_login": (OUTSIDE, {}),
    "account_signup": (OUTSIDE, {}),
    "mfa_authenticate": (OUTSIDE, {}),
    "mfa_login_webauthn": (OUTSIDE, {}),
    "alive": (OUTSIDE, {}),
    "ready": (OUTSIDE, {}),
}
FOR_NO_MEMBER = frozenset({"join_matter"})
"""What is for officers who are not in the matter, and not there for those who are."""
