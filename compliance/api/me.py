"""Whom a token speaks for, and what it allows."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from compliance import tokens
from compliance.api import endpoints
from compliance.api.paging import Moment


class Me(serializers.Serializer[Any]):
    """Whom a token speaks for."""

    person = serializers.CharField(help_text="The sign-in name of whom the token speaks for.")
    token = serializers.IntegerField(help_text="The token's number, as the audit trail has it.")
    name = serializers.CharField(help_text="What the token is for.")
    actions = serializers.ListField(child=serializers.CharField(), help_text="What it allows.")
    matters = serializers.ListField(
        child=serializers.IntegerField(),
        allow_null=True,
        help_text="Only in these matters; null: wherever the person may.",
    )
    expires_at = Moment()


class OfToken(endpoints.Endpoint):
    """Whom the token speaks for."""

    @endpoints.described(Me, of="tokens", named="get_me")
    def get(self, request: Request) -> Response:
        """Whom the token speaks for, and what it allows."""
        token = self.token
        allowed = tokens.limits_of(token)
        found = {
            "person": self.by.username,
            "token": token.pk,
            "name": token.name,
            "actions": sorted(action.name for action in allowed.actions),
            "matters": token.matters,
            "expires_at": token.expires_at,
        }
        return Response(Me(found).data)
