"""Whatever anyone writes can be stored, shown and told apart."""

from hypothesis import given
from hypothesis import strategies as st

from archive import readable

anything = st.text(alphabet=st.characters(codec=None), max_size=400)


@given(anything)
def test_any_text_can_be_stored_and_is_not_cut(value: str) -> None:
    """No NUL, no lone surrogate, no control that acts; as many characters as before."""
    shown = readable.text(value)
    assert len(shown) == len(value)
    assert not set(shown) & {chr(code) for code in range(0x20) if chr(code) not in "\n\t"}
    shown.encode()


@given(anything)
def test_what_is_safe_already_stays_as_it_is(value: str) -> None:
    """Making text safe twice changes nothing more."""
    assert readable.text(readable.text(value)) == readable.text(value)


@given(anything, anything, st.integers(min_value=100, max_value=300))
def test_two_ids_never_become_the_same(one: str, other: str, limit: int) -> None:
    """And each fits its column."""
    names = [readable.identifier(value, limit=limit) for value in (one, other)]
    assert (names[0] == names[1]) == (one == other)
    assert all(name is None or len(name) <= limit for name in names)


@given(anything, st.integers(min_value=1, max_value=50))
def test_a_name_fits_its_column_on_one_line(value: str, limit: int) -> None:
    """However long it was."""
    shown = readable.line(value, limit=limit)
    assert len(shown) <= limit
    assert "\n" not in shown
