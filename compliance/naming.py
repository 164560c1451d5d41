"""What a person's query may name besides people, places and days: tags, and the matters and custodians they may see.

Resolved at the moment a query runs, and narrowed to the person's reach like everything else. A matter of others is no
matter at all.
"""

from django.contrib.auth.models import User

from archive import search
from compliance import matters, reach, tags
from compliance.models import Custodian


def known(by: User | None) -> search.Known:
    """What a query of this person may name; nothing is read before it does."""
    theirs = matters.of(by)

    def custodians() -> dict[int, tuple[str, ...]]:
        held = Custodian.objects.filter(matter__in=theirs, dropped_at=None).values_list("pk", "name", "email")
        return {key: (name, email) for key, name, email in held}

    cases = search.Cases(
        matters=lambda: dict(theirs.order_by("pk").values_list("pk", "name")),
        custodians=custodians,
        of_matters=reach.of_matters,
        of_custodians=reach.of_custodians,
        former=lambda: dict(
            theirs.filter(former_names__isnull=False).values_list("former_names__name", "pk")
        ),
    )
    return search.Known(tags=tags.named(), cases=cases)
