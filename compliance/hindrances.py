"""Why something asked for does not happen, by what a page makes of it. Every service's own exceptions are one or the other."""


class Absent(Exception):
    """There is no such thing, or the person may not see it: the two are not told apart. A page answers 404."""


class Hindrance(Exception):
    """It cannot be done as it was asked, and the sentence says why. A page shows it and goes on."""
