"""What was promised, shown from outside: real commands, a real web server, a pretend Zoom, and nothing of ours imported."""
