"""Find the files whose insides are not searched without reading all the others; built while the archive is used."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('archive', '0009_read_files'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='attachment',
            index=models.Index(condition=models.Q(('inside__in', ['read', 'empty']), _negated=True), fields=['inside', 'id'], name='attachment_unsearched'),
        ),
    ]
