"""A pretend Zoom: a separate program that answers the Team Chat API from one consistent world."""
