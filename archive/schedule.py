"""What beat nudges, and how often. A nudge lost, late or repeated harms nothing: the rows are the jobs."""

from typing import Any

BEAT: dict[str, dict[str, Any]] = {
    "checkpoint-log": {"task": "archive.tasks.checkpoint_log", "schedule": 3600.0},
    "send-checkpoints": {
        "task": "archive.tasks.send_checkpoints",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "look-at-scopes": {"task": "archive.tasks.look_at_scopes", "schedule": 300.0},
    "watch-index": {
        "task": "archive.tasks.watch_index",
        "schedule": 120.0,
        "options": {"expires": 115},
    },
    "capture": {"task": "archive.tasks.tick", "schedule": 60.0, "options": {"expires": 55}},
    "read-files": {"task": "archive.tasks.read_files", "schedule": 60.0, "options": {"expires": 55}},
    "remove-bytes": {"task": "archive.tasks.remove_bytes", "schedule": 60.0, "options": {"expires": 55}},
    "open-holds": {"task": "archive.tasks.open_holds", "schedule": 60.0, "options": {"expires": 55}},
    "count-for-reports": {
        "task": "archive.tasks.count_for_reports",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "check-reports": {
        "task": "archive.tasks.check_reports",
        "schedule": 600.0,
        "options": {"expires": 595},
    },
}
