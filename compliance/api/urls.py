"""Addresses under /api/."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView

from compliance.api import (
    coverage,
    dispositions,
    endpoints,
    exports,
    files,
    holds,
    lists,
    log,
    matter_changes,
    matters,
    me,
    messages,
    people,
    retention,
    searches,
    sessions,
    trail,
)

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("v1/me/", me.OfToken.as_view(), name="api_me"),
    # The record
    path("v1/accounts/", people.Accounts.as_view(), name="api_accounts"),
    path("v1/accounts/<int:account_id>/coverage/", coverage.OfAccount.as_view(), name="api_account_coverage"),
    path("v1/people/", people.People.as_view(), name="api_people"),
    path("v1/people/<int:person_id>/", people.OnePerson.as_view(), name="api_person"),
    path("v1/sessions/", sessions.Sessions.as_view(), name="api_sessions"),
    path("v1/sessions/<int:session_id>/", sessions.OneSession.as_view(), name="api_session"),
    path("v1/sessions/<int:session_id>/coverage/", coverage.OfSession.as_view(), name="api_session_coverage"),
    path("v1/sessions/<int:session_id>/messages/", messages.OfSession.as_view(), name="api_messages"),
    path("v1/messages/<int:message_id>/", messages.OneMessage.as_view(), name="api_message"),
    path("v1/files/<int:attachment_id>/", files.OneFile.as_view(), name="api_file"),
    # Searching
    path("v1/search/", searches.Search.as_view(), name="api_search"),
    path("v1/searches/", searches.Searches.as_view(), name="api_searches"),
    path("v1/searches/<int:search_id>/", searches.OneSearch.as_view(), name="api_saved_search"),
    path("v1/searches/<int:search_id>/runs/", searches.Runs.as_view(), name="api_runs"),
    path("v1/lists/", lists.Lists.as_view(), name="api_lists"),
    path("v1/lists/<int:list_id>/", lists.OneList.as_view(), name="api_list"),
    path("v1/lists/<int:list_id>/ids/", lists.Ids.as_view(), name="api_list_ids"),
    # What must stay, and what may go
    path("v1/matters/", matter_changes.Opened.as_view(), name="api_matters"),
    path("v1/matters/<int:matter_id>/", matters.OneMatter.as_view(), name="api_matter"),
    path(
        "v1/matters/<int:matter_id>/custodians/", matter_changes.Custodians.as_view(), name="api_custodians"
    ),
    path(
        "v1/matters/<int:matter_id>/conversations/",
        matter_changes.Conversations.as_view(),
        name="api_conversations",
    ),
    path("v1/holds/", holds.Holds.as_view(), name="api_holds"),
    path("v1/retention/channels/", retention.Channels.as_view(), name="api_channels"),
    path("v1/retention/channels/<int:setting_id>/", retention.OneChannel.as_view(), name="api_channel"),
    path("v1/retention/zoom-rules/", retention.ZoomRules.as_view(), name="api_zoom_rules"),
    path("v1/retention/zoom-rules/<int:rule_id>/", retention.OneZoomRule.as_view(), name="api_zoom_rule"),
    path("v1/retention/archive-rules/", retention.ArchiveRules.as_view(), name="api_archive_rules"),
    path(
        "v1/retention/archive-rules/<int:rule_id>/",
        retention.OneArchiveRule.as_view(),
        name="api_archive_rule",
    ),
    path("v1/dispositions/", dispositions.Dispositions.as_view(), name="api_dispositions"),
    path(
        "v1/dispositions/<int:disposition_id>/", dispositions.OneDisposition.as_view(), name="api_disposition"
    ),
    path(
        "v1/dispositions/<int:disposition_id>/certificate/",
        dispositions.Certificate.as_view(),
        name="api_certificate",
    ),
    path(
        "v1/dispositions/<int:disposition_id>/certificate/pdf/",
        dispositions.CertificateOnPaper.as_view(),
        name="api_certificate_on_paper",
    ),
    # What is taken out
    path("v1/exports/", exports.Exports.as_view(), name="api_exports"),
    path("v1/exports/<int:export_id>/", exports.OneExport.as_view(), name="api_export"),
    path("v1/exports/<int:export_id>/make/", exports.Making.as_view(), name="api_make_export"),
    path("v1/exports/<int:export_id>/again/", exports.MakingAgain.as_view(), name="api_again_export"),
    path("v1/exports/<int:export_id>/anew/", exports.AskingAnew.as_view(), name="api_anew_export"),
    path("v1/exports/<int:export_id>/parts/<int:number>/", exports.OnePart.as_view(), name="api_part"),
    path(
        "v1/exports/<int:export_id>/certificate/pdf/",
        exports.CertificateOnPaper.as_view(),
        name="api_certificate_of_export",
    ),
    # Who did what, and the proof of all of it
    path("v1/audit/", trail.Trail.as_view(), name="api_audit"),
    path("v1/audit/<int:event_id>/", trail.OneEvent.as_view(), name="api_event"),
    path("v1/log/", log.TheLog.as_view(), name="api_log"),
    path("v1/log/checkpoints/", log.Checkpoints.as_view(), name="api_checkpoints"),
    path("v1/log/checkpoints/<int:size>/", log.OneCheckpoint.as_view(), name="api_checkpoint"),
    path("v1/log/tiles/<int:level>/<int:number>/", log.OneTile.as_view(), name="api_tile"),
    path("v1/log/leaves/<int:index>/", log.OneLeaf.as_view(), name="api_leaf"),
    path("v1/log/inclusion/", log.ProofOfInclusion.as_view(), name="api_inclusion"),
    path("v1/log/consistency/", log.ProofOfConsistency.as_view(), name="api_consistency"),
    re_path(r"(?P<rest>(?s:.+))", endpoints.Nothing.as_view(), name="api_nothing"),  # line feeds, too
]
