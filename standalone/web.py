"""Gunicorn's settings for the console: `gunicorn --config python:standalone.web compliance.wsgi:application`.

Threads, because replies are streamed. No access log, because addresses hold search words. No control socket.
"""

import signal

from standalone import tether

worker_class = "gthread"
workers = 2
threads = 8
timeout = 120  # seconds a worker may be silent
graceful_timeout = 10  # seconds for replies under way when it stops
accesslog = None
loglevel = "warning"
control_socket_disable = True


def post_fork(_server: object, _worker: object) -> None:
    """A worker does not outlive its arbiter, not even one killed with -9."""
    tether.end_with_parent(signal.SIGKILL)
