"""Chief auditors: a role for whoever audits all matters. Nobody has it before an administrator gives it."""

from django.db import migrations


def add_role(apps, schema_editor):
    apps.get_model("auth", "Group").objects.get_or_create(name="Chief auditor")


class Migration(migrations.Migration):
    dependencies = [("compliance", "0047_losses_in_parts")]

    operations = [migrations.RunPython(add_role, migrations.RunPython.noop)]
