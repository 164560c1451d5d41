"""The texts that break software: each is found by its own words, or has none."""

from archive import search
from archive.scope import EVERYTHING
from archive.search import analysis
from archive.search.query import From, Match, Words
from tests.archive.search import corpus
from tests.archive.search.conftest import Find
from tests.archive.search.talk import Talk


def test_every_nasty_text_is_found_by_what_it_says(talk: Talk, find: Find) -> None:
    """Its whole text as a phrase finds it, every word of it finds it; only texts without words are not found so."""
    texts = corpus.torture("message", "file_name", "channel_name", "display_name")
    said = {name: talk.say(text) for name, text in texts.items()}
    assert len(find("from:ines")) == len(texts)
    wordless = set()
    for name, text in texts.items():
        atoms = analysis.atoms(text)
        if not atoms:
            wordless.add(name)
            continue
        for words in ({text} if len(atoms) < 2_000 else set()) | {atom.text for atom in atoms[:200]}:
            answer = search.messages(Words(words, Match.PHRASE), scope=EVERYTHING, limit=1_000)
            assert said[name].pk in {hit.message_id for hit in answer.hits}, (name, words)
    assert {"empty", "whitespace_only", "only_nul", "nested_brackets"} <= wordless
    assert len(wordless) < 25


def test_nasty_file_and_person_names_are_found(talk: Talk, find: Find) -> None:
    """A file is found by the whole of any name it can have, a person by any name they can have."""
    files = {name: talk.say("", files=(name,)) for name in corpus.torture("file_name").values()}
    people = corpus.torture("display_name")
    said = {name: talk.say("hello", by=met(talk, key, name)) for key, name in people.items()}
    find("has:file")
    for name, message in files.items():
        assert not analysis.atoms(name) or message.pk in ids(Words(name, Match.PHRASE)), name
    for name, message in said.items():
        assert not analysis.atoms(name) or message.pk in ids(From(name, Match.PHRASE)), name


def met(talk: Talk, key: str, name: str) -> str:
    talk.meet(key, name)
    return key


def ids(ast: search.Ast) -> set[int]:
    return {hit.message_id for hit in search.messages(ast, scope=EVERYTHING, limit=1_000).hits}
