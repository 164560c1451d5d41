"""`python -m sandbox`: the pretend Zoom as a program. See docs/sandbox.md for every option."""

from sandbox.program import main

if __name__ == "__main__":
    raise SystemExit(main())
