"""What an authenticator app does: the code of a secret at a moment (RFC 6238), from the book and not from allauth."""

import base64
import hashlib
import hmac
import re
import struct
import time

from django.contrib.auth.models import User
from django.test import Client

from tests.compliance.cast import PASSWORD


def code(secret: str, *, ahead: int = 0) -> str:
    """The six digits of now, or of so many steps of 30 seconds from now."""
    counter = struct.pack(">Q", int(time.time()) // 30 + ahead)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def sign_in(client: Client, person: User) -> int:
    """By name and password; the status of the answer."""
    return client.post("/accounts/login/", {"login": person.username, "password": PASSWORD}).status_code


def confirm(client: Client) -> None:
    """Say the password again, as changing how one signs in asks for."""
    assert client.post("/accounts/confirm/", {"password": PASSWORD, "next": "/account/"}).status_code == 302


def with_app(client: Client, person: User) -> str:
    """Sign in, set up an authenticator app, and sign out again; its secret."""
    sign_in(client, person)
    confirm(client)
    page = client.get("/accounts/second-factor/app/add/").content.decode()
    found = re.search(r'class="mono">([A-Z2-7]{32})<', page)
    assert found is not None, page
    secret = found.group(1)
    answer = client.post("/accounts/second-factor/app/add/", {"code": code(secret)})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/recovery-codes/")
    return secret
