"""`manage.py connect`: add a Zoom account, or bring one up to date."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from archive import features, gateway
from archive.models import Account

_CREDENTIALS = {
    "account_id": "ZOOM_ACCOUNT_ID",
    "client_id": "ZOOM_CLIENT_ID",
    "client_secret": "ZOOM_CLIENT_SECRET",
}


class Command(BaseCommand):
    """Asks Zoom for a token, says what it allows, and keeps the account. Repeating it updates the account."""

    help = (
        "Connect a Zoom account (server-to-server OAuth app); credentials come from flags or the environment."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        for option, variable in _CREDENTIALS.items():
            parser.add_argument(
                f"--{option.replace('_', '-')}", default=os.environ.get(variable), help=variable
            )
        parser.add_argument(
            "--api-url", default=os.environ.get("ZOOM_API_URL", gateway.API_URL), help="ZOOM_API_URL"
        )
        parser.add_argument(
            "--oauth-url", default=os.environ.get("ZOOM_OAUTH_URL", gateway.OAUTH_URL), help="ZOOM_OAUTH_URL"
        )
        parser.add_argument("--name", default=None, help="What to call the account in the console.")
        parser.add_argument("--plan", choices=gateway.PLANS, default=Account.Plan.BUSINESS)
        parser.add_argument(
            "--budget-share",
            type=_share,
            default=0.5,
            help="Share of the account's request budget to use, over 0 and at most 1 (default 0.5).",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        missing = [variable for option, variable in _CREDENTIALS.items() if not options[option]]
        if missing:
            raise CommandError(f"To connect an account, set {' and '.join(missing)}.")
        app = gateway.App(
            **{option: options[option] for option in _CREDENTIALS},
            api_url=options["api_url"],
            oauth_url=options["oauth_url"],
            plan=options["plan"],
            budget_share=options["budget_share"],
        )
        name = options["name"] or f"Zoom account {app.account_id}"
        try:
            account, grant = gateway.connect(app, name=name, now=timezone.now())
        except gateway.CannotConnect as error:
            raise CommandError(str(error)) from error
        self._tell(account, grant)

    def _tell(self, account: Account, grant: features.Grant) -> None:
        self.stdout.write(f"Connected {account.name} (account {account.pk}).")
        self._tell_use("Capture", grant.of(features.Use.CAPTURE))
        self._tell_use("Actions, when somebody decides to", grant.of(features.Use.ACTION))
        if len(grant.unused) > 0:
            self.stdout.write(f"Granted but of no use here: {', '.join(grant.unused)}.")
        if any(not one.is_granted for one in grant.of(features.Use.CAPTURE)):
            self.stderr.write(
                "Capture is not complete without what is missing above. Change the app's scopes at Zoom; "
                "Holdfast sees it within the hour, or when you connect again."
            )

    def _tell_use(self, title: str, standings: tuple[features.Standing, ...]) -> None:
        """What is granted on standard output, what is missing on standard error, a line a feature."""
        self.stdout.write(f"{title}:")
        for one in standings:
            if one.is_granted:
                self.stdout.write(f"  may {one.feature.name}")
            else:
                self.stderr.write(f"  may not {one.feature.name}. {one.feature.without} {one.advice}")


def _share(text: str) -> float:
    share = float(text)
    if not 0 < share <= 1:
        raise ValueError(text)
    return share
