"""What is searched for in the benchmark, each as every engine is asked it."""

from __future__ import annotations

from dataclasses import dataclass

from archive.search import Order


@dataclass(frozen=True, slots=True)
class Search:
    """One search: in our language, as a tsquery of Postgres, and as a MATCH of SQLite's FTS5.

    None where an engine has nothing like it. `people`, `sessions` and `month` narrow it for the rivals as the query
    does for us; `kind` is what is wanted of the answer.
    """

    name: str
    ours: str
    postgres: str | None
    sqlite: str | None
    person: str | None = None  # an address
    session: str | None = None  # a name
    month: tuple[str, str] | None = None  # from, to before
    order: Order = Order.NEWEST
    limit: int = 50
    page: int = 1
    facets: bool = False


SEARCHES = (
    Search("rare word", "zanzibar", "zanzibar", "zanzibar"),
    Search("word in 10 %", "meeting", "meeting", "meeting"),
    Search("word in 33 %", "the", "the", "the"),
    Search("two words", "meeting budget", "meeting & budget", "meeting budget"),
    Search(
        "phrase",
        '"quarterly budget meeting"',
        "quarterly <-> budget <-> meeting",
        '"quarterly budget meeting"',
    ),
    Search("phrase of common words", '"the meeting"', "the <-> meeting", '"the meeting"'),
    Search("prefix", "complian*", "complian:*", "complian*"),
    Search("beginning of many words", "con*", "con:*", "con*"),
    Search(
        "within five words",
        "transfer w/5 contract",
        " | ".join(f"transfer <{n}> contract | contract <{n}> transfer" for n in range(1, 6)),
        "NEAR(transfer contract, 4)",
    ),
    Search("pattern", "col?r", None, None),
    Search("pattern with its end only", "*pliance", None, None),
    Search("misspelled", "complience~", None, None),
    Search(
        "boolean", "(meeting OR budget) NOT the", "(meeting | budget) & !the", "(meeting OR budget) NOT the"
    ),
    Search(
        "word, person, month",
        "meeting from:ravi.rao22@acme.example during:2026-05",
        "meeting",
        "meeting",
        person="ravi.rao22@acme.example",
        month=("2026-05-01", "2026-06-01"),
    ),
    Search(
        "word, small channel",
        'meeting in:"project 1998"',
        "meeting",
        "meeting",
        session="project 1998",
    ),
    Search("word, with a person", "meeting with:ravi.rao22@acme.example", None, None),
    Search("word, conversations of two", "meeting type:1:1", None, None),
    Search("Chinese, 2 characters", "合同", "合同", "合同"),
    Search("Chinese, 4 characters", "合同审批", "合同审批", "合同审批"),
    Search("code", "order_book.flush", "order <-> book.flush", '"order_book.flush"'),
    Search("e-mail", "john.doe@acme.example", "'john.doe@acme.example'", '"john.doe@acme.example"'),
    Search("count of a word in 10 %", "meeting", "meeting", "meeting", limit=0),
    Search("facets of a word in 10 %", "meeting", "meeting", "meeting", facets=True),
    Search(
        "two words by relevance", "meeting budget", "meeting & budget", "meeting budget", order=Order.RELEVANT
    ),
    Search("page 200 of a word in 10 %", "meeting", "meeting", "meeting", page=200),
)
