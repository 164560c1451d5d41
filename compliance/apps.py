"""Django's registration of the console."""

from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig


class ComplianceConfig(AppConfig):
    name = "compliance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect what writes sign-ins to the trail and what inspects it, and make the kinds of requests known."""
        import_module("compliance.sign_in")
        import_module("compliance.people")
        import_module("compliance.oidc").mapping()  # a role that does not exist is refused at the start
        import_module("compliance.evidence")
        import_module("compliance.kept")
        import_module("compliance.kinds")


class SiteConfig(SimpleAdminConfig):
    """Puts the console's admin site in place of Django's."""

    default_site = "compliance.site.Site"

    def ready(self) -> None:
        """Find the admin classes: ours, and no package's, each of which would be another door."""
        super().ready()
        import_module("compliance.admin")
