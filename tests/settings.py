"""The product's settings for a test run: its own servers, and a database made by the owner of its tables.

Everything else is what production reads. tests/conftest.py turns the connection into the application's role
once the database is made, so that tests meet the same refusals as the application does.
"""

import environ

from tests import servers

servers.provide()

from compliance.settings import *  # noqa: E402, F403

_environment = environ.Env()
_owner = _environment.db_url("DATABASE_OWNER_URL")
_app = _environment.db_url("DATABASE_URL")
TEST_ROLES = {
    name: {key: url.get(key, "") for key in ("USER", "PASSWORD")}
    for name, url in (("owner", _owner), ("app", _app))
}
DATABASES = {"default": {**DATABASES["default"], **TEST_ROLES["owner"]}}  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
