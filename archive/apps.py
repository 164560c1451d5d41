"""Django's registration of the archive."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from archive import grants


class ArchiveConfig(AppConfig):
    name = "archive"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(grants.apply_after_migrate, sender=self, dispatch_uid="archive.grants")
