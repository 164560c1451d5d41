"""One connection to the mail server for a batch of mails, and no second try in a batch once there was none.

Opening a connection to a server that is not there can take half a minute; a thousand mails that each try it take a night.
A connection that the server closed meanwhile (many do, after some mails) is noticed before the next mail is handed over,
which is then surely not sent yet, and opened anew.
"""

import smtplib
from types import TracebackType

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend


class Mailbag:
    """Open for as long as a batch lasts; `is_down` from the first time that no connection could be opened."""

    def __init__(self) -> None:
        self.is_down = False
        self._open: BaseEmailBackend | None = None

    def __enter__(self) -> "Mailbag":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def connection(self) -> BaseEmailBackend:
        """The connection, open and alive. Raises OSError, of which smtplib's errors are."""
        if self._open is not None and not _is_alive(self._open):
            self.close()
        if self._open is None:
            connection: BaseEmailBackend = get_connection()
            try:
                connection.open()
            except OSError:
                self.is_down = True
                raise
            self._open = connection
        return self._open

    def close(self) -> None:
        """End the connection; the next mail opens another. To be called after whatever went wrong with one."""
        if self._open is not None:
            self._open.close()
            self._open = None


def _is_alive(connection: BaseEmailBackend) -> bool:
    smtp = getattr(connection, "connection", None)
    if not isinstance(smtp, smtplib.SMTP):
        return True
    try:
        return smtp.noop()[0] == 250
    except OSError:
        return False
