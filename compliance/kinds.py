"""The kinds of deed that need a second person, gathered from the services that do them.

It stands above the services, so that `compliance.approvals` need not know them. Imported once, when Django starts.
"""

from compliance import approvals, releasing
from compliance.disposition import asking, rules
from compliance.exports import deciding
from compliance.notices import wordings
from compliance.retention import approving

KINDS: tuple[approvals.Kind, ...] = (
    wordings.KIND,
    *releasing.KINDS,
    rules.KIND,
    asking.KIND,
    approving.KIND,
    deciding.KIND,
)

for kind in KINDS:
    approvals.register(kind)
approvals.check_terms()
