"""Every channel is looked at, not only those that holds depend on: which those are is a column, and spaces are a kind.

What was looked at before was so for holds, which is the default; adding it does not rewrite the table.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0023_zips_with_what_was_destroyed'),
    ]

    operations = [
        migrations.AddField(
            model_name='lookout',
            name='for_holds',
            field=models.BooleanField(default=True, help_text='Whether a hold depends on it; otherwise only retention is compared by it.'),
        ),
        migrations.AlterField(
            model_name='lookout',
            name='kind',
            field=models.CharField(choices=[('matters', 'list of legal-hold matters'), ('retention', 'retention of a channel'), ('owner', 'owner of a channel'), ('members', 'members of a channel'), ('contact', 'entry in the company directory'), ('spaces', 'shared spaces and their channels')], max_length=10),
        ),
        migrations.AlterField(
            model_name='sighting',
            name='said',
            field=models.JSONField(help_text='What Zoom said of it, as far as it matters here.'),
        ),
    ]
