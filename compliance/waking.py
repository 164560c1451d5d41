"""Waking the workers once holds were placed or ended, so that nobody waits for the clock. A nudge lost harms nothing."""

from celery import current_app

TASKS = (
    "compliance.tasks.plan_lookouts",
    "compliance.tasks.look_after_holds",
    "compliance.tasks.send_notices",
    "compliance.tasks.count_preserved",
)
"""What holds depend on is looked at, custodians are told, and what is preserved is counted."""


def after_holds_changed() -> None:
    """To be called once the change has committed."""
    for task in TASKS:
        current_app.send_task(task, expires=55)
