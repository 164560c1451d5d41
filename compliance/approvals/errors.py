"""Why a request cannot be asked, decided or carried out."""

from compliance.hindrances import Absent, Hindrance


class NotThere(Absent):
    """There is no such request, or it is not for the person to see: the two are not told apart."""


class Obstacle(Hindrance):
    """Why it was not done, in a sentence for the person who wanted it.

    Raised by a kind while it works out the items, it says that there is nothing to ask for, or no longer. Raised while
    it carries out, it says why not now; it is tried again.
    """
