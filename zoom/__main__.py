"""`python -m zoom`: every operation of the client, as the page of the documentation."""

import sys

from zoom import reference

if __name__ == "__main__":
    sys.stdout.write(reference.page())
