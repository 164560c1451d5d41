"""Every URL of the console. All but sign-in and health ask for a signed-in person."""

from allauth.account import views as account
from django.contrib import admin
from django.urls import URLPattern, URLResolver, path

from compliance.views import (
    approvals,
    audit,
    capture,
    compare,
    errors,
    health,
    lists,
    messages,
    overview,
    preferences,
    search,
    searches,
    sessions,
    system,
    tags,
    told,
    unsearched,
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
    path("admin/", admin.site.urls),
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
