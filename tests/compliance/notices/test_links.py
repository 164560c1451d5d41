"""The link of a notice: whole in the notice itself, and nowhere else."""

import logging
import uuid

import pytest
from django.test import override_settings

from compliance.logs import WithoutLinks
from compliance.notices import links, placeholders

KEY = uuid.UUID(int=7)


def test_a_token_names_its_notice_and_custodian() -> None:
    """Both, and for as long as the key of the installation stays."""
    assert links.read(links.token(key=KEY, custodian_id=12)) == (KEY, 12)
    with override_settings(SECRET_KEY="another installation's"):
        assert links.read(links.token(key=KEY, custodian_id=12)) == (KEY, 12)
        foreign = links.token(key=KEY, custodian_id=12)
    assert links.read(foreign) is None


def test_the_secret_part_is_hidden() -> None:
    """What is left over opens nothing."""
    whole = links.address(key=KEY, custodian_id=12)
    masked = links.masked(f"Press {whole} please, {whole}.")
    assert masked.count("…/") == 2
    assert links.token(key=KEY, custodian_id=12) not in masked
    assert links.read(masked.split("/acknowledge/")[1].split("/")[0]) is None


def test_no_log_line_holds_a_link() -> None:
    """Django logs the address of a page that broke."""
    token = links.token(key=KEY, custodian_id=12)
    record = logging.LogRecord(
        "django.request", logging.ERROR, "", 1, "%s: %s", ("Internal Server Error", f"/acknowledge/{token}/"), None
    )  # fmt: skip
    WithoutLinks().filter(record)
    assert token not in record.getMessage()
    assert record.getMessage() == "Internal Server Error: /acknowledge/…/"


@pytest.mark.parametrize("value", ["{reason}", "{acknowledge_link}", "{{custodian}}", "{", "}{"])
def test_values_are_filled_in_once(value: str) -> None:
    """A name that looks like a placeholder stays a name."""
    filled = placeholders.fill(
        "Dear {custodian}: {reason}", {"custodian": value, "reason": "R", "acknowledge_link": "L"}
    )
    assert filled == f"Dear {value}: R"


def test_only_our_link_is_a_link() -> None:
    """An address that a reason or a name holds stays words, and markup stays words."""
    link = links.address(key=KEY, custodian_id=12)
    html = placeholders.as_html(f"Dear <b>http://evil.example</b>,\n\nopen {link}\nnow.", link=link)
    assert html.count("<a ") == 1
    assert "<b>" not in html
    assert f'<a href="{link}">{link}</a><br>now.' in html
