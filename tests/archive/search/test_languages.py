"""In which language a message is: told the same always, and not told where it cannot be."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import py3langid
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import search
from archive.scope import EVERYTHING
from archive.search import detection, language, languages
from archive.search.query import Language
from tests.archive.search import corpus, oracle
from tests.archive.search.conftest import Find
from tests.archive.search.talk import Talk

MODELS = {1: "f4f4a2c3465ca1f081541037f9cac23021d68151c2f709c55ae5eedfca522963"}
"""The digest of the model by the version of the rules: another model without another version is a change of meaning."""

SENTENCES = {
    "en": "The invoice must be paid by Friday", "de": "Die Rechnung muss bis Freitag bezahlt werden",
    "nl": "De factuur moet voor vrijdag betaald worden", "fr": "La facture doit être payée avant vendredi",
    "es": "La factura debe pagarse antes del viernes", "pt": "A fatura deve ser paga até sexta-feira",
    "it": "La fattura deve essere pagata entro venerdì", "sv": "Fakturan måste betalas före fredag",
    "pl": "Faktura musi zostać opłacona do piątku", "cs": "Faktura musí být zaplacena do pátku",
    "fi": "Lasku on maksettava perjantaihin mennessä", "tr": "Fatura cuma gününe kadar ödenmeli",
    "vi": "Hóa đơn phải được thanh toán trước thứ Sáu", "id": "Faktur harus dibayar sebelum hari Jumat",
    "ru": "Счёт нужно оплатить до пятницы", "uk": "Рахунок потрібно сплатити до п'ятниці",
    "el": "Το τιμολόγιο πρέπει να πληρωθεί", "he": "החשבונית חייבת להיות משולמת", "ar": "يجب دفع الفاتورة قبل يوم الجمعة",
    "fa": "فاکتور باید تا جمعه پرداخت شود", "th": "ต้องชำระใบแจ้งหนี้ก่อนวันศุกร์", "zh": "发票必须在星期五之前支付",
    "ja": "請求書は金曜日までに支払わなければなりません", "ko": "송장은 금요일까지 지불해야 합니다",
}  # fmt: skip
UNTELLABLE = (
    "", "👍👍", "lol", "ok", "10:23", "https://example.com/the/invoice/must/be/paid", "def main(): return foo.bar(x)",
    "ERR_CONN_RESET", "mira@acme.example", "x" * 50_000, "\u200b",
)  # fmt: skip


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_is_told(code: str) -> None:
    """Twenty-four languages, each by one plain sentence."""
    assert detection.of([SENTENCES[code]]) == [code]


def test_what_cannot_be_told_is_said_so() -> None:
    """Addresses, code, pictures and a word or two are of no known language."""
    assert detection.of(UNTELLABLE) == ["unknown"] * len(UNTELLABLE)


def test_an_address_does_not_hide_the_sentence_around_it() -> None:
    """What is no language is left out before the rest is told."""
    text = "Die Rechnung liegt unter https://example.com/a/b?c=d und muss bezahlt werden 👍"
    assert detection.of([text]) == ["de"]


@given(st.lists(st.text() | st.sampled_from(list(SENTENCES.values())), max_size=8))
def test_any_text_is_told_the_same_in_any_company(texts: list[str]) -> None:
    """Told together or alone, now or again; any text at all is a language of the list or unknown."""
    together = detection.of(texts)
    assert together == [code for text in texts for code in detection.of([text])]
    assert set(together) <= {*languages.NAMES, languages.UNKNOWN}


def test_real_messages_are_told_as_the_library_tells_them_one_by_one() -> None:
    """Side by side is only faster."""
    texts = [said["message"] for said in corpus.sample("messages")[::4]]
    assert detection.of(texts) == [oracle.language_of(text) for text in texts]


def test_more_than_are_told_at_once_are_told_as_few_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the model's parts begin and end changes nothing."""
    texts = [f"{sentence} {number}" for number in range(3) for sentence in SENTENCES.values()]
    told = detection.of(texts)
    for name, few in (("AT_ONCE", 7), ("ADDED_AT_ONCE", 2)):
        monkeypatch.setattr(detection, name, few)
        assert detection.of(texts) == told


@given(st.text(st.characters(max_codepoint=127)))
def test_in_ascii_the_kinds_say_what_the_expressions_say(text: str) -> None:
    """Whether there may be code, and how many letters there are."""
    kinds = text.translate(detection._KINDS)
    assert ("0" in kinds or ".a" in kinds) == (detection._SIGN.search(text) is not None)
    assert (kinds.count("a") >= detection.FEWEST_LETTERS) == (detection._ENOUGH.search(text) is not None)


def test_the_model_is_the_one_of_this_version() -> None:
    """Another model tells other texts to be German: raise languages.VERSION, and note the digest here."""
    model = Path(py3langid.__file__).parent / "data" / "model.npz.xz"
    assert hashlib.sha256(model.read_bytes()).hexdigest() == MODELS[languages.VERSION]


def test_messages_are_found_by_their_language(talk: Talk, find: Find) -> None:
    """By code or name, denied, several at once; an edit into another language is found by both."""
    german = talk.say(SENTENCES["de"])
    french = talk.say(SENTENCES["fr"])
    short = talk.say("ok")
    talk.edit(french, SENTENCES["en"])
    assert find("lang:de") == find("lang:German") == [german]
    assert find("lang:fr") == find("lang:en") == [french]
    assert find("lang:unknown") == [short]
    assert find("NOT lang:unknown") == find("lang:(de OR fr)") == [french, german]


def test_an_edit_that_tells_the_language_makes_it_known(talk: Talk, find: Find) -> None:
    """Unknown are messages no wording of which can be told."""
    message = talk.say("ok")
    assert find("lang:unknown") == [message]
    talk.edit(message, SENTENCES["es"])
    assert find("lang:unknown") == []
    assert find("lang:es") == [message]


def test_languages_are_counted(talk: Talk, index: Callable[[], None]) -> None:
    """Each message in each of its languages; the number beside a language is what its click finds."""
    for code in ("de", "de", "fr"):
        talk.say(SENTENCES[code])
    talk.say("ok")
    index()
    facets = search.messages("NOT absent", scope=EVERYTHING, with_facets=True).facets
    assert facets is not None
    assert facets.languages == {"de": 2, "fr": 1, "unknown": 1}


def test_an_unknown_language_is_refused_with_the_one_probably_meant() -> None:
    """Never taken for one that nobody speaks."""
    with pytest.raises(search.QueryError, match="is no language") as caught:
        search.parse("lang:germn")
    assert "lang:de" in caught.value.hint
    assert search.parse("lang:Unknown") == Language("unknown", languages.VERSION)


def test_the_version_of_the_rules_is_a_part_of_what_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A saved search for German is not run by rules that call other texts German."""
    before = search.spelled.out(search.parse("lang:de"))
    monkeypatch.setattr(language, "_tree", language._tree.__wrapped__)  # as a process of another release
    monkeypatch.setattr(languages, "VERSION", languages.VERSION + 1)
    assert search.spelled.out(search.parse("lang:de")) != before
    assert search.explain(search.parse("lang:de")) == "Messages in German"
