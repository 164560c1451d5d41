"""The tests: scenes with a named cast, against real servers of their own."""
