"""Which matters hold what was said in which channel, and in which channels nobody can say.

A channel counts as held as soon as one standing rule covers anything that could be in it, whatever days the rule names.
Where nobody is known ever to have been and somebody of the account is held, it counts as held too: it cannot be shown
that it is not.
"""

from dataclasses import dataclass

from archive import channels
from compliance import holds

Place = tuple[int, str]
DOUBT = "Nobody is known here who was ever in it, and people of the account are held: it may be theirs."


@dataclass(frozen=True, slots=True)
class Holders:
    """The matters whose holds cover a channel; `is_doubtful`: nobody can say that none does."""

    matters: tuple[int, ...] = ()
    is_doubtful: bool = False

    @property
    def is_held(self) -> bool:
        """Whether the channel must not be shortened."""
        return len(self.matters) > 0 or self.is_doubtful


NOBODY = Holders()


def now(*, lock: bool = False) -> dict[Place, Holders]:
    """What is covered at this moment; a channel that nothing covers is missing.

    With `lock` no hold is placed or ended until the caller's transaction ends (see holds.rules).
    """
    rules = holds.rules(lock=lock)
    matter_of = {rule.id: matter_id for matter_id, own in holds.by_matter().items() for rule in own}
    return {
        place: Holders(
            tuple(sorted({matter_of[rule] for rule in found.rules})),
            found.is_doubtful and len(found.rules) == 0,
        )
        for place, found in channels.covered(rules).items()
    }


def of(*, account_id: int, channel_id: str, lock: bool = False) -> Holders:
    """The same of one channel."""
    return now(lock=lock).get((account_id, channel_id), NOBODY)


def in_words(found: Holders, *, names: dict[int, str]) -> str:
    """Who holds it, as far as the reader may know: `names` are the matters whose members they are."""
    if found.is_doubtful:
        return DOUBT
    seen = [f"“{names[key]}”" for key in found.matters if key in names]
    hidden = len(found.matters) - len(seen)
    if hidden:
        seen.append(
            f"{hidden} matter{'' if hidden == 1 else 's'} that you are no member of"
            if seen
            else _alone(hidden)
        )
    return f"Under a hold of {' and '.join(seen)}: it is never shortened while one stands."


def _alone(count: int) -> str:
    return "a matter" if count == 1 else f"{count} matters"
