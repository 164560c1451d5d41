"""What is chosen is what was asked for, below the checkpoint, once; long days come in parts."""

from datetime import timedelta
from pathlib import Path

import pytest

from archive import holding, log
from archive.models import Attachment, Message
from archive.packages import choosing, dividing, exceptions, facts, making, reading, sinks, weights
from archive.packages.content import Format, Request
from tests.archive import scenes
from tests.archive.disposition.conftest import Talk, file
from tests.archive.packages.conftest import EXPORT, everything


def chosen(export_id: int = EXPORT) -> list[str]:
    """Zoom's ids of the chosen messages, in order."""
    return [row.zoom_id for page in reading.rows(export_id=export_id) for row in page]


@pytest.fixture
def said(talk: Talk) -> Talk:
    """Three messages, a minute apart; the last by Ravi."""
    for number in (1, 2, 3):
        talk.say(
            f"word {number}", id=str(number), minute=number, by=scenes.RAVI if number == 3 else scenes.INES
        )
    return talk


def test_a_period_takes_what_was_said_in_it(said: Talk) -> None:
    """From its first moment, and not at its end; choosing it again adds nothing."""
    since, until = (scenes.NOON + timedelta(minutes=minute) for minute in (2, 3))
    for added in (1, 0):
        asked = {"export_id": EXPORT, "session_id": said.session_id, "size": log.size()}
        assert choosing.put_session(**asked, since=since, until=until) == added
    assert chosen() == ["2"]


def test_what_lies_beyond_the_checkpoint_is_not_chosen(said: Talk) -> None:
    """Neither by its session nor by its id."""
    size = log.size()
    late = said.say("late", id="9", minute=9)
    assert choosing.put_messages(export_id=EXPORT, ids=[late.pk], size=size) == 0
    assert choosing.put_session(export_id=EXPORT, session_id=said.session_id, size=size) == 3
    assert chosen() == ["1", "2", "3"]


def test_what_a_hold_covers_is_chosen(said: Talk) -> None:
    """What Ravi said, and not what Ines did: he was not yet known to take part, and it does not cover what he heard."""
    ravi = Message.objects.get(zoom_id="3").sender_id
    rule = holding.Rule(id=1, account=said.account.pk, person=ravi, covers_received=False)
    assert choosing.put_held(export_id=EXPORT, rules=[rule], size=log.size()) == 1
    assert chosen() == ["3"]
    everywhere = holding.Rule(id=2, account=said.account.pk)
    assert choosing.put_held(export_id=EXPORT, rules=[rule, everywhere], size=log.size()) == 2


def test_a_long_day_comes_in_parts(said: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each says how many there are, whether the day was counted beforehand or held as a whole."""
    monkeypatch.setattr(dividing, "MOST_EVENTS", 2)
    request = everything(said)
    facts.keep(export_id=EXPORT, moment=request.made_at)
    for is_long in (True, False):
        if not is_long:
            monkeypatch.setattr(dividing, "long_days", lambda _: frozenset())
        days = list(reading.days(request, lost={}))
        assert [(day.part, day.parts, len(day.messages)) for day in days] == [(1, 2, 2), (2, 2, 1)]


def test_a_day_of_long_texts_comes_in_parts(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """No part has more text than one may have, counted as UTF-8 over all versions, unless one message alone has."""
    monkeypatch.setattr(dividing, "MOST_TEXT_BYTES", 10)
    for number, text in enumerate(("four", "höchst", "1", "much longer than that", "5"), 1):
        talk.say(text, id=str(number), minute=number)
    talk.edit("123456789", id="3")
    request = everything(talk)
    facts.keep(export_id=EXPORT, moment=request.made_at)
    found = list(reading.days(request, lost={}))
    assert [[one.zoom_id for one in day.messages] for day in found] == [["1"], ["2"], ["3"], ["4"], ["5"]]
    assert [(day.part, day.parts) for day in found] == [(part, 5) for part in range(1, 6)]


def test_long_records_are_read_in_stretches(said: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that is too heavy is cut, and what is written is the same."""
    request = everything(said, formats=frozenset({Format.CSV}))
    whole = making.measure(request)
    monkeypatch.setattr(weights, "MOST_BYTES", 1)
    assert making.measure(request) == whole


def test_a_file_that_is_not_what_zoom_named_is_there_and_said_to_be(talk: Talk, tmp_path: Path) -> None:
    """It is not missing; whoever reads the exceptions knows."""
    talk.say("look", id="1", files=[file("f1")])
    talk.attach(b"plan", file_id="f1")
    Attachment.objects.update(state=Attachment.State.MISMATCH)
    request = everything(talk)
    contents = making.measure(request)
    assert (contents.files, sum(contents.missing.values())) == (1, 0)
    sink = sinks.Folder(tmp_path / "written")
    exceptions.write(request, lost={}, into=sink)
    assert "file not as named" in (sink.root / exceptions.PATH).read_text(encoding="utf-8-sig")


def test_silence_is_accounted_for(talk: Talk) -> None:
    """A session in which nothing was chosen has its days, and says that they are not complete."""
    log.checkpoint(now=scenes.NOW)
    talk.say("something", id="1")
    log.checkpoint(now=scenes.NOW)
    request = Request(
        export_id=EXPORT,
        title="",
        formats=frozenset(),
        size=log.size(),
        made_at=scenes.NOW,
        first_day=scenes.NOON.date(),
        last_day=scenes.NOON.date() + timedelta(days=1),
        sessions=frozenset({talk.session_id}),
    )
    contents = making.measure(request)
    assert (contents.messages, contents.days, contents.open_days["waiting"]) == (0, 2, 2)
