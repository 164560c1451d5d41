"""What can stop a start on this machine, said so that a person can act on it.

Every problem of `standalone` is one sentence: what is wrong and what to do. The edge (`manage.py`, `run.py`,
the tests) prints it and exits with status 2; there is never a traceback for a port or a folder that is taken.
"""


class CannotStart(Exception):
    """Something outside the program must change before it can start; trying again unchanged cannot help."""
