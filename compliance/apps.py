"""Django's registration of the console."""

from importlib import import_module

from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    name = "compliance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the receivers that write sign-ins to the audit trail."""
        import_module("compliance.sign_in")
