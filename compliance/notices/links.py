"""The link with which a custodian acknowledges a notice without an account.

Signed with a salt of its own over the notice's key and the custodian; it does not expire. Whether it still opens
anything is for the notice's row to say. A link is as good as a signature, so no page of the console and no log line
ever shows one whole: `masked` hides its secret part.
"""

import re
import uuid

from django.conf import settings
from django.core import signing

SALT = "compliance.notices.acknowledge"
LONGEST = 200
_SECRET = re.compile(r"(/acknowledge/[A-Za-z0-9_-]{6})[A-Za-z0-9_:-]*/")


def token(*, key: uuid.UUID, custodian_id: int) -> str:
    """What stands in the link for this notice and this custodian."""
    return signing.Signer(salt=SALT).sign_object([key.hex, custodian_id])


def read(given: str) -> tuple[uuid.UUID, int] | None:
    """The notice's key and the custodian that a token names; None for one that is not ours."""
    if len(given) > LONGEST:
        return None
    try:
        key, custodian_id = signing.Signer(salt=SALT).unsign_object(given)
        return uuid.UUID(hex=key), int(custodian_id)
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None


def address(*, key: uuid.UUID, custodian_id: int) -> str:
    """The whole link, as it is sent."""
    return f"{settings.HOLDFAST_URL}/acknowledge/{token(key=key, custodian_id=custodian_id)}/"


def masked(text: str) -> str:
    """A text with the secret part of every link in it hidden."""
    return _SECRET.sub(r"\1…/", text)
