"""From a figure of a report to the search that shows these messages, for whoever may search."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.urls import reverse

from compliance import permissions
from compliance.periods import Period
from compliance.permissions import Action


@dataclass(frozen=True)
class Links:
    """Addresses of searches in a period; "" for somebody who may not search."""

    period: Period
    may_search: bool

    def to(self, term: str = "", *, first: date | None = None, last: date | None = None) -> str:
        """The search for a term in some days of the period, or in all of it."""
        if not self.may_search:
            return ""
        begin = self.period.first if first is None else max(first, self.period.first)
        end = self.period.last if last is None else min(last, self.period.last)
        words = f"{term} during:{begin.isoformat()}..{end.isoformat()} zone:{self.period.zone}".strip()
        return f"{reverse('search')}?{urlencode({'q': words})}"

    def of_days(self, term: str = "") -> Callable[[date, date], str]:
        """Where each bar of a chart over time leads."""
        return lambda first, last: self.to(term, first=first, last=last)


def of(period: Period, *, by: User) -> Links:
    """The links of a report for a person."""
    return Links(period, permissions.can(Action.SEARCH, by=by))
