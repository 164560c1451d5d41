"""People, rules and pages; also the project package."""

from compliance.celery import app as celery_app

__all__ = ["celery_app"]
