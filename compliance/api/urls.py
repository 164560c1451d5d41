"""Addresses under /api/."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from compliance.api import endpoints, matters, me, sessions

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("v1/me/", me.OfToken.as_view(), name="api_me"),
    path("v1/sessions/", sessions.Sessions.as_view(), name="api_sessions"),
    path("v1/sessions/<int:session_id>/", sessions.OneSession.as_view(), name="api_session"),
    path("v1/matters/", matters.Matters.as_view(), name="api_matters"),
    path("v1/matters/<int:matter_id>/", matters.OneMatter.as_view(), name="api_matter"),
    path("<path:rest>", endpoints.Nothing.as_view(), name="api_nothing"),
]
