"""One notice as an e-mail: as plain text with the same text as simple HTML, by Django's default connection.

What goes wrong is one of three things: surely not sent and worth another try (`NotNow`), never to be taken
(`Refused`), or broken off after the mail was begun (`Unclear`), when it may have arrived.
"""

import hashlib
import smtplib
from datetime import datetime
from email.utils import format_datetime

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from compliance import told
from compliance.at_zoom import NotNow, Refused, Unclear
from compliance.mailbag import Mailbag
from compliance.models import Notice
from compliance.notices import placeholders, rendering

_FOR_GOOD = range(500, 600)


def open_connection(bag: Mailbag) -> BaseEmailBackend:
    """The batch's connection, open. Raises NotNow, Refused."""
    if not told.is_mail_set_up():
        raise Refused("No mail server is set up: set EMAIL_URL.")
    try:
        return bag.connection()
    except smtplib.SMTPAuthenticationError as error:
        raise NotNow("The mail server does not take the console's name and password.") from error
    except OSError as error:  # smtplib's errors are among them
        raise NotNow(f"The mail server cannot be reached ({type(error).__name__}).") from error


def hand_over(mail: EmailMultiAlternatives, *, connection: BaseEmailBackend) -> None:
    """Give the mail to the server. Raises NotNow, Refused, Unclear."""
    try:
        connection.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise _by_code(max(codes, default=0), "this address") from error
    except smtplib.SMTPResponseException as error:
        raise _by_code(error.smtp_code, "this mail") from error
    except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
        raise Refused("The mail server cannot take an address like this.") from error
    except OSError as error:
        raise Unclear(f"The mail server broke off ({type(error).__name__}).") from error


def message(notice: Notice, *, now: datetime) -> EmailMultiAlternatives:
    """The mail. Its headers hold one line each, whatever people are called: Django refuses any other."""
    mail = EmailMultiAlternatives(
        subject=notice.subject,
        body=notice.body,
        to=[notice.recipient],
        headers={
            "Message-ID": notice.message_id,
            "Date": format_datetime(now),
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(html(notice), "text/html")
    return mail


def html(notice: Notice) -> str:
    """The HTML part: the same text."""
    key = notice.key if notice.first is None else notice.first.key
    link = rendering.link_of(notice.wording, key=key, custodian=notice.custodian)
    return placeholders.as_html(notice.body, link=link)


def html_digest(notice: Notice) -> str:
    """SHA-256 of the HTML part, in hexadecimal."""
    return hashlib.sha256(html(notice).encode()).hexdigest()


def _by_code(code: int, what: str) -> Exception:
    if code in _FOR_GOOD:
        return Refused(f"The mail server refuses {what} for good ({code}).")
    return NotNow(f"The mail server does not take {what} now ({code}).")
