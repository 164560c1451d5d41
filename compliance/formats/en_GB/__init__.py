"""The console's English."""
