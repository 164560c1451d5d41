"""How often Python looks for objects that hold each other, in processes that make very many that do not."""

import gc

_OBJECTS = 100_000


def seldom() -> None:
    """Look after a hundred thousand new objects, not after seven hundred; never again at those there are now.

    A page of records is tens of thousands of objects at once, and each look goes through all that are young: with the
    usual threshold that took a third of the time of a rebuild. For processes of their own, once they have imported
    what they need.
    """
    gc.freeze()
    gc.set_threshold(_OBJECTS, 20, 100)
