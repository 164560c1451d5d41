"""Which bytes are asked for by HTTP."""

import pytest

from compliance import ranges
from compliance.ranges import NotSatisfiable, Stretch

ETAG = '"abc"'


@pytest.mark.parametrize(
    ("header", "first", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=90-", 90, 100),
        ("bytes=90-500", 90, 100),
        ("bytes=-5", 95, 100),
        ("bytes=-500", 0, 100),
        (" bytes = 1-2 ", 1, 3),
    ],
)
def test_a_stretch_is_found(header: str, first: int, end: int) -> None:
    """From its first byte to before its end, within the file."""
    found = ranges.asked(header, size=100, etag=ETAG)
    assert found == Stretch(first, end, 100)
    assert found.content_range == f"bytes {first}-{end - 1}/100"


@pytest.mark.parametrize(
    "header", [None, "", "bytes=-", "bytes=5-2", "bytes=0-1,4-5", "pages=1-2", "bytes=a-b", "bytes=٣-٤"]
)
def test_what_is_no_single_range_is_the_whole(header: str | None) -> None:
    """As the RFC lets a server answer it."""
    assert ranges.asked(header, size=100, etag=ETAG) is None


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_bytes_that_do_not_exist_are_refused(header: str) -> None:
    """With 416."""
    with pytest.raises(NotSatisfiable):
        ranges.asked(header, size=100, etag=ETAG)


def test_a_range_of_another_file_is_the_whole_of_this_one() -> None:
    """Nobody joins halves of two files."""
    assert ranges.asked("bytes=1-2", size=100, etag=ETAG, if_range=ETAG) == Stretch(1, 3, 100)
    for other in ('"other"', 'W/"abc"', "Sat, 21 Nov 2026 09:00:00 GMT"):
        assert ranges.asked("bytes=1-2", size=100, etag=ETAG, if_range=other) is None


def test_whoever_has_the_file_already_is_told_so() -> None:
    """By its tag, weak or strong, among others."""
    assert ranges.is_known('"x", W/"abc"', etag=ETAG)
    assert ranges.is_known("*", etag=ETAG)
    assert not ranges.is_known('"x"', etag=ETAG)
    assert not ranges.is_known(None, etag=ETAG)
