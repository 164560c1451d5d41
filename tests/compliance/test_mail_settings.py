"""How a mail server is named."""

import pytest

from compliance.settings import _mail


@pytest.mark.parametrize(
    ("url", "host", "port", "tls", "ssl"),
    [
        ("smtp://", "", 25, False, False),
        ("smtp://mail.example", "mail.example", 25, False, False),
        ("smtp+tls://name:p%40ss@mail.example", "mail.example", 587, True, False),
        ("smtp+ssl://mail.example:4465", "mail.example", 4465, False, True),
    ],
)
def test_a_server_by_its_url(url: str, host: str, port: int, tls: bool, ssl: bool) -> None:
    """Host, the usual port where none is given, and what protects the way there."""
    read = _mail(url)
    assert (read["EMAIL_HOST"], read["EMAIL_PORT"]) == (host, port)
    assert (read["EMAIL_USE_TLS"], read["EMAIL_USE_SSL"]) == (tls, ssl)


def test_a_folder_by_its_url() -> None:
    """Three slashes and the path, as anybody would write it."""
    read = _mail("filemail:///var/mail")
    assert read["EMAIL_FILE_PATH"] == "/var/mail"
    assert read["EMAIL_BACKEND"].endswith("filebased.EmailBackend")
