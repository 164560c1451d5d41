"""Every URL of the console. All but sign-in and health ask for a signed-in person."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from django.contrib import admin
from django.db.transaction import atomic
from django.urls import URLPattern, URLResolver, path
from django.views.generic import RedirectView

from compliance.views import (
    acknowledging,
    approvals,
    audit,
    capture,
    compare,
    errors,
    health,
    hold_health,
    lists,
    matter_endings,
    matters,
    messages,
    notices,
    overview,
    preferences,
    preserved,
    search,
    searches,
    sessions,
    single_sign_on,
    system,
    tags,
    told,
    unsearched,
    wordings,
    yours,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", overview.index, name="overview"),
    path("overview/facts/", overview.facts, name="overview_facts"),
    path("overview/activity/", overview.activity, name="overview_activity"),
    path("capture/", capture.index, name="capture"),
    path("capture/start/", capture.start, name="capture_start"),
    path("capture/progress/", capture.progress, name="capture_progress"),
    path("search/", search.index, name="search"),
    path("search/preview/<int:message_id>/", search.preview, name="search_preview"),
    path("search/unsearched/", unsearched.index, name="unsearched"),
    path("searches/", searches.index, name="searches"),
    path("searches/save/", searches.save, name="save_search"),
    path("searches/<int:search_id>/", searches.one, name="saved_search"),
    path("searches/<int:search_id>/run/", searches.run, name="run_search"),
    path("searches/<int:search_id>/change/", searches.change, name="change_search"),
    path("searches/<int:search_id>/remove/", searches.remove, name="remove_search"),
    path("lists/", lists.index, name="lists"),
    path("lists/freeze/", lists.freeze, name="freeze"),
    path("lists/<int:list_id>/", lists.one, name="list"),
    path("lists/<int:list_id>/progress/", lists.progress, name="list_progress"),
    path("lists/<int:list_id>/take/", lists.take, name="take_list"),
    path("compare/", compare.index, name="compare"),
    path("matters/", matters.index, name="matters"),
    path("matters/open/", matters.open_matter, name="open_matter"),
    path("matters/people/", matters.find_people, name="find_people"),
    path("matters/<int:matter_id>/", matters.one, name="matter"),
    path("matters/<int:matter_id>/custodians/", matters.custodians, name="matter_custodians"),
    path("matters/<int:matter_id>/custodians/add/", matters.add, name="add_custodians"),
    path("matters/<int:matter_id>/custodians/again/", matters.ask_zoom_again, name="ask_zoom_again"),
    path("matters/<int:matter_id>/preserved/", preserved.index, name="matter_preserved"),
    path("matters/<int:matter_id>/preserved/progress/", preserved.progress, name="preserved_progress"),
    path("matters/<int:matter_id>/preserved/count/", preserved.count, name="count_preserved"),
    path("matters/<int:matter_id>/health/", hold_health.page, name="matter_health"),
    path("matters/<int:matter_id>/health/deal/", hold_health.deal, name="deal_with_findings"),
    path(
        "matters/<int:matter_id>/health/place/<int:finding_id>/", hold_health.place_again, name="place_again"
    ),
    path("matters/<int:matter_id>/health/confirm/", hold_health.confirm, name="confirm_setting"),
    path("matters/<int:matter_id>/health/look/", hold_health.look, name="look_at_health"),
    path("matters/<int:matter_id>/release/", matter_endings.release, name="matter_release"),
    path("matters/<int:matter_id>/release/ask/", matter_endings.ask, name="ask_release"),
    path("matters/<int:matter_id>/members/", matter_endings.members, name="matter_members"),
    path("matters/<int:matter_id>/members/change/", matter_endings.change_members, name="change_members"),
    path("matters/<int:matter_id>/join/", matter_endings.join, name="join_matter"),
    path("matters/<int:matter_id>/timeline/", matter_endings.timeline, name="matter_timeline"),
    path("tags/", tags.index, name="tags"),
    path("tags/make/", tags.make, name="make_tag"),
    path("tags/mark/", tags.mark, name="mark"),
    path("sessions/", sessions.index, name="sessions"),
    path("sessions/<int:session_id>/", sessions.conversation, name="session"),
    path("sessions/<int:session_id>/completeness/", sessions.calendar, name="session_calendar"),
    path("messages/<int:message_id>/", messages.message, name="message"),
    path("messages/<int:message_id>/note/", tags.note, name="note"),
    path("files/<int:attachment_id>/", messages.file, name="file"),
    path("approvals/", approvals.index, name="approvals"),
    path("approvals/<int:request_id>/", approvals.one, name="approval"),
    path("approvals/<int:request_id>/approve/", approvals.approve, name="approve"),
    path("approvals/<int:request_id>/refuse/", approvals.refuse, name="refuse"),
    path("approvals/<int:request_id>/withdraw/", approvals.withdraw, name="withdraw"),
    path("told/", told.index, name="told"),
    path("acknowledge/<str:token>/", acknowledging.one, name="acknowledge"),
    path("matters/<int:matter_id>/notices/", notices.index, name="matter_notices"),
    path("matters/<int:matter_id>/notices/plan/", notices.plan, name="notice_plan"),
    path("matters/<int:matter_id>/notices/send/", notices.send, name="send_notices"),
    path("matters/<int:matter_id>/notices/of/<int:custodian_id>/", notices.custodian, name="notices_of"),
    path("matters/<int:matter_id>/notices/of/<int:custodian_id>/resend/", notices.resend, name="resend"),
    path(
        "matters/<int:matter_id>/notices/of/<int:custodian_id>/superior/", notices.superior, name="superior"
    ),
    path("matters/<int:matter_id>/notices/<int:notice_id>/", notices.one, name="notice"),
    path("matters/<int:matter_id>/notices/<int:notice_id>/decide/", notices.decide, name="decide_notice"),
    path("notices/templates/", wordings.index, name="wordings"),
    path("notices/templates/<int:wording_id>/", wordings.one, name="wording"),
    path("notices/templates/<int:wording_id>/ask/", wordings.ask, name="ask_wording"),
    path("notices/templates/<str:kind>/write/", wordings.write, name="write_wording"),
    path("system/", system.index, name="system"),
    path("metrics", health.metrics, name="metrics"),
    path("audit/", audit.index, name="audit"),
    path("audit/<int:event_id>/", audit.event, name="audit_event"),
    path("preferences/theme/", preferences.theme, name="theme"),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/signup/", account.signup, name="account_signup"),
    path("accounts/password/", account.password_change, name="account_change_password"),
    path("accounts/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("account/", yours.index, name="account"),
    path("account/sessions/end/", yours.end_others, name="end_other_sessions"),
    path("account/sessions/<int:session_id>/end/", yours.end, name="end_session"),
    # Second factors. Each is one transaction with its events of the trail
    path("accounts/second-factor/", yours.second_factor, name="mfa_index"),
    path("accounts/second-factor/code/", atomic(mfa.authenticate), name="mfa_authenticate"),
    path("accounts/confirm/code/", atomic(mfa.reauthenticate), name="mfa_reauthenticate"),
    path(
        "accounts/confirm/passkey/",
        atomic(webauthn.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("accounts/second-factor/app/add/", atomic(totp.activate_totp), name="mfa_activate_totp"),
    path("accounts/second-factor/app/remove/", atomic(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path(
        "accounts/recovery-codes/", atomic(recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"
    ),
    path(
        "accounts/recovery-codes/new/",
        atomic(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "accounts/recovery-codes/download/",
        atomic(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("accounts/passkeys/", RedirectView.as_view(pattern_name="account"), name="mfa_list_webauthn"),
    path("accounts/passkeys/sign-in/", atomic(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("accounts/passkeys/add/", atomic(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("accounts/passkeys/<int:pk>/rename/", atomic(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path("accounts/passkeys/<int:pk>/remove/", atomic(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
    # Signing in through the organisation's own provider
    path("accounts/oidc/login/", single_sign_on.begin, name="single_sign_on"),
    path(
        "accounts/oidc/login/callback/",
        single_sign_on.finish,
        {"provider_id": "oidc"},
        name="openid_connect_callback",
    ),
    path("accounts/oidc/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("admin/", admin.site.urls),
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
