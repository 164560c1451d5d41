"""How the console says things, where a page alone would not show it."""

import pytest
from django.template import Context, Template
from django.urls import reverse


@pytest.mark.parametrize("page", ["session", "search_preview", "message"])
@pytest.mark.parametrize("key", [0, 7, 123456789, 2**63 - 1])
def test_a_numbered_address_is_the_address(page: str, key: int) -> None:
    """The quick way to it and Django's say the same, also of the number by which the quick way was found."""
    quick = Template("{% load words %}{% numbered page key %}").render(Context({"page": page, "key": key}))
    assert quick == reverse(page, args=[key])
