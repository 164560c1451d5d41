"""Who asks: the person a token speaks for, by `Authorization: Bearer` (RFC 6750). Sessions of browsers are none here."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from compliance import audit, tokens
from compliance.api import rates
from compliance.models import Token

SCHEME = "Bearer"
LONGEST_KEY = 200


class BearerToken(BaseAuthentication):
    """Lets in whoever shows the key of a good token, and writes each use of it to the audit trail."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        """The person and the token; None where no key is shown. Raises AuthenticationFailed, Throttled."""
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.casefold() != SCHEME.casefold():
            return None
        key, now = key.strip(), timezone.now()
        if not key.isascii() or len(key) > LONGEST_KEY:
            raise AuthenticationFailed("This is not the key of a token.")
        token = tokens.with_key(key)
        rates.of(token, now=now).count()
        if token is None:
            raise AuthenticationFailed("No token has this key.")
        try:
            person = tokens.speak(token, now=now)
        except tokens.Refused as refused:
            raise AuthenticationFailed(str(refused)) from refused
        audit.TOKEN.set(tokens.subject(token))  # the middleware takes it back when the request is over
        with transaction.atomic():
            details = {"method": request.method, "address": request.path}
            audit.record(
                action=audit.Action.USED, subject=tokens.subject(token), details=details, by=person, now=now
            )
        return person, token

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return f'{SCHEME} realm="Holdfast"'


class _Described(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the description of the API says it."""

    target_class = BearerToken
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "The key of a token made in the console."}
