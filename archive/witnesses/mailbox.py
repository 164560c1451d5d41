"""A checkpoint by mail: the signed note and the log's key, as text and as files, to whoever keeps them."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage

from archive import notes, publication
from archive.models import Checkpoint
from archive.witnesses.errors import NotSent

_BODY = """\
This is a signed checkpoint of the archive's log {origin}, of {size:,} entries.
Keep this mail: what it states cannot be taken back. A package is compared with it by
    python verify.py PACKAGE --checkpoint {name} --key log.vkey

{note}
The log's key:
{key}
"""


def send(checkpoint: Checkpoint, *, key: notes.VerifierKey, to: str) -> None:
    """Mail a checkpoint. Raises NotSent."""
    if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") and not settings.EMAIL_HOST:
        raise NotSent("No mail server is set up: set EMAIL_URL.")
    name = publication.place(checkpoint.size).name
    mail = EmailMessage(
        subject=f"Checkpoint of {key.name}: {checkpoint.size:,} entries",
        body=_BODY.format(origin=key.name, size=checkpoint.size, name=name, note=checkpoint.note, key=key),
        to=[one.strip() for one in to.split(",") if one.strip()],
        headers={"Auto-Submitted": "auto-generated"},
        attachments=[
            (name, checkpoint.note.encode(), "application/octet-stream"),
            ("log.vkey", f"{key}\n".encode(), "application/octet-stream"),
        ],
    )
    try:
        mail.send()
    except smtplib.SMTPResponseException as error:
        raise NotSent(f"The mail server refused the mail ({error.smtp_code}).") from error
    except (OSError, UnicodeError, ValueError) as error:  # smtplib's errors are among them
        raise NotSent(f"The mail server cannot be reached or broke off ({type(error).__name__}).") from error
