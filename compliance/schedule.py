"""What beat nudges for the console. A nudge lost, late or repeated harms nothing: the rows are the jobs."""

from typing import Any

BEAT: dict[str, dict[str, Any]] = {
    "read-lists": {"task": "compliance.tasks.read_lists", "schedule": 60.0, "options": {"expires": 55}},
    "reconcile": {"task": "compliance.tasks.reconcile", "schedule": 60.0, "options": {"expires": 55}},
    "carry-out-requests": {
        "task": "compliance.tasks.carry_out_requests",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "advance-dispositions": {
        "task": "compliance.tasks.advance_dispositions",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "look-at-erasures": {
        "task": "compliance.tasks.look_at_erasures",
        "schedule": 300.0,
        "options": {"expires": 295},
    },
    "place-holds": {"task": "compliance.tasks.place_holds", "schedule": 60.0, "options": {"expires": 55}},
    "rename-at-zoom": {
        "task": "compliance.tasks.rename_at_zoom",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "mail-what-was-told": {
        "task": "compliance.tasks.mail_what_was_told",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "send-notices": {"task": "compliance.tasks.send_notices", "schedule": 60.0, "options": {"expires": 55}},
    "look-after-holds": {
        "task": "compliance.tasks.look_after_holds",
        "schedule": 120.0,
        "options": {"expires": 115},
    },
    "tell-ended-captures": {
        "task": "compliance.tasks.tell_ended_captures",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "plan-lookouts": {
        "task": "compliance.tasks.plan_lookouts",
        "schedule": 600.0,
        "options": {"expires": 595},
    },
    "count-figures": {"task": "compliance.tasks.count_figures", "schedule": 60.0, "options": {"expires": 55}},
    "count-losses": {"task": "compliance.tasks.count_losses", "schedule": 60.0, "options": {"expires": 55}},
    "look-for-channels": {
        "task": "compliance.tasks.look_for_channels",
        "schedule": 20.0,
        "options": {"expires": 15},
    },
    "compare-retention": {
        "task": "compliance.tasks.compare_retention",
        "schedule": 300.0,
        "options": {"expires": 295},
    },
    "apply-retention": {
        "task": "compliance.tasks.apply_retention",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "advance-exports": {
        "task": "compliance.tasks.advance_exports",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "look-after-exports": {
        "task": "compliance.tasks.look_after_exports",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "count-preserved": {
        "task": "compliance.tasks.count_preserved",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
}
