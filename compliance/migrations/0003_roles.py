"""The roles of the console as groups. What each may do is data in compliance.permissions."""

from django.db import migrations

ROLES = ("Compliance officer", "Records manager", "Reviewer", "Auditor", "Administrator")


def add_roles(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    for name in ROLES:
        Group.objects.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [
        ("compliance", "0002_protect_the_audit_trail"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(add_roles, migrations.RunPython.noop)]
