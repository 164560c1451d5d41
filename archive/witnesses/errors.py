"""What keeps a checkpoint from a place."""


class NotSent(Exception):
    """The checkpoint is not there. The sentence says why, for whoever looks after the system; it is tried again."""
