"""Bytes survive, whatever JSON can carry; types are promised only where they hold."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zoom import decoding
from zoom.errors import BadRequest, RequestNote, UnexpectedReply
from zoom.records.files import FileInfo
from zoom.records.messages import MessageRecord

NOTE = RequestNote("reportChatMessages", "GET", "/report/chat/sessions/s")
LISTS = ("messages", "edited_messages", "deleted_messages")


def read(body: bytes) -> tuple[MessageRecord, ...]:
    (sent, _, _), _ = decoding.listed(body, lists=LISTS, status=200, request=NOTE)
    return decoding.records(MessageRecord, sent)


def one(raw: bytes) -> MessageRecord:
    """The record when it stands between two others, which must survive too."""
    before, record, after = read(b'{"messages": [ {"id":"a"} , ' + raw + b',{"id":"z"}\n]}')
    assert (before.id, after.id, record.raw) == ("a", "z", raw)
    return record


def test_a_record_has_its_exact_bytes_and_its_fields() -> None:
    """Spacing and unknown fields stay as they were sent."""
    record = one(b'{ "id" : "m1","novel":[1.10] ,"message":"hi","timestamp":1647494500135}')
    assert (record.id, record.message, record.timestamp_ms, record.oddities) == (
        "m1",
        "hi",
        1647494500135,
        (),
    )


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (rb"broken \ud83d tail", "broken \ud83d tail"),
        (rb"\ude00\ud83d", "\ude00\ud83d"),
        (rb"nul \u0000 nul", "nul \0 nul"),
        (b"raw \x01 control", "raw \x01 control"),
        (b"not utf-8 \xff", "not utf-8 \udcff"),
        (b"half a pair \xed\xa0\xbd", "half a pair \udced\udca0\udcbd"),
        (rb"\\\" ] } , [ {", '\\" ] } , [ {'),
    ],
)
def test_text_that_breaks_decoders_is_kept(text: bytes, meant: str) -> None:
    """Lone surrogates, controls and broken UTF-8 neither lose the record nor its neighbours."""
    assert one(b'{"id":"m","message":"' + text + b'"}').message == meant


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (b"9223372036854775807", 2**63 - 1),
        (b"9223372036854775808", None),
        (b"-9223372036854775809", None),
        (b"1" * 5000, None),
        (b"1e999", None),
        (b"NaN", None),
        (b"1700000000000.5", None),
        (b"1700000000000.0", 1700000000000),
        (b'"1700000000000"', None),
        (b"true", None),
        (b"[]", None),
    ],
)
def test_absurd_numbers_are_named(value: bytes, kept: int | None) -> None:
    """A number outside of 64 bits, a fraction or another type is None and named as an oddity."""
    record = one(b'{"id":"m","timestamp":' + value + b"}")
    assert (record.id, record.timestamp_ms) == ("m", kept)
    assert record.oddities == (() if value.startswith(b"92233720368547758") and kept else ("timestamp",))


def test_null_is_absent_and_not_odd() -> None:
    """Null means nothing was said."""
    record = one(b'{"id":null,"files":null,"timestamp":null}')
    assert (record.id, record.files, record.timestamp_ms, record.oddities) == (None, (), None, ())


def test_good_files_survive_a_bad_one() -> None:
    """Oddities name the place inside the record."""
    record = one(b'{"files":[{"file_id":"f1","file_size":"12 MB"},7,{"file_id":"f2","file_size":3}]}')
    assert [(file.file_id, file.file_size) for file in record.files] == [("f1", None), ("f2", 3)]
    assert record.oddities == ("files[0].file_size", "files[1]")


def test_an_element_that_is_no_object_is_a_record_all_the_same() -> None:
    """It was offered, so it must be counted and kept."""
    assert one(b'"gone"').oddities == ("record",)


def test_depth_beyond_the_stack_is_kept() -> None:
    """Nesting cannot crash the capture."""
    record = one(b'{"id":"deep","rich_text":' + b"[" * 100_000 + b"]" * 100_000 + b"}")
    assert record.oddities == ("record",)


def test_fields_of_ours_cannot_be_sent() -> None:
    """A reply that names our own fields does not reach them."""
    assert one(b'{"raw":"QUJD","oddities":["x"]}').oddities == ()
    assert one(b'{"raw":7,"oddities":8,"id":"m"}').id == "m"


def test_a_list_sent_twice_loses_nothing() -> None:
    """Equal keys are joined instead of the last one winning."""
    assert [r.id for r in read(b'{"messages":[{"id":"a"}],"messages":[{"id":"b"}]}')] == ["a", "b"]


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>502</html>", b'{"messages":[{"id":"a"}', b'{"messages":[{"id":"a', b'{"messages":[]} x',
     b'{"messages":[{"id":"a"},]}', b'{"messages":[{"id":01}]}', b'{"messages"}', b'{"messages":[}]'],
)  # fmt: skip
def test_a_damaged_body_is_worth_asking_for_again(body: bytes) -> None:
    """What is not whole JSON was damaged on its way; the error keeps the bytes."""
    with pytest.raises(UnexpectedReply) as caught:
        read(body)
    assert caught.value.retryable
    assert caught.value.body == body


@pytest.mark.parametrize(
    "body", [b"{}", b'{"messages":null}', b'{"messages":{}}', b'{"messages":[],"next_page_token":7}']
)
def test_another_shape_is_not_asked_for_again(body: bytes) -> None:
    """Whole JSON without the list means that the API has changed."""
    with pytest.raises(UnexpectedReply) as caught:
        read(body)
    assert not caught.value.retryable


def test_an_error_inside_a_good_status_is_that_error() -> None:
    """Zoom's status alone is not enough."""
    with pytest.raises(BadRequest, match="code 300: bad"):
        read(b'{"code":300,"message":"bad"}')
    with pytest.raises(BadRequest):
        decoding.whole(FileInfo, b'{"code":300,"message":"bad"}', status=200, request=NOTE)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
messages = st.dictionaries(
    st.sampled_from(["id", "message", "timestamp", "files", "reactions", "bot_message", "other"]), json_values
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(st.lists(messages, max_size=4), st.booleans(), st.sampled_from([None, 1]))
def test_any_json_comes_back_byte_for_byte(said: list[object], ascii_only: bool, indent: int | None) -> None:
    """For every JSON the slices are the elements, and a typed field equals the value or is named."""
    texts = [
        json.dumps(m, ensure_ascii=ascii_only, indent=indent).encode("utf-8", "surrogatepass") for m in said
    ]
    found = read(b'{"messages":[' + b" , ".join(texts) + b'],"next_page_token":""}')
    assert [record.raw for record in found] == texts
    for record, value in zip(found, said, strict=True):
        assert isinstance(value, dict)
        if ascii_only and isinstance(value.get("message"), str):
            assert record.message == value["message"]
        if value.get("message") is not None and record.message is None:
            assert "message" in record.oddities
