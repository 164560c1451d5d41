"""Who asked for a capture or a look at Zoom, to be told when it is over. A new table."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0056_words_of_handing_over'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Errand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('capture', 'a capture'), ('look', 'a look at what holds depend on at Zoom')], max_length=10)),
                ('accounts', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), help_text='Of which something was due.', size=None)),
                ('total', models.PositiveIntegerField(default=0, help_text='How much there was to do; 0: not counted.')),
                ('asked_at', models.DateTimeField()),
                ('over_at', models.DateTimeField(help_text='When it was found to be over; None: it is not.', null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('matter', models.ForeignKey(help_text='For which it was asked.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='compliance.matter')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('over_at', None)), fields=('kind', 'asked_by', 'matter'), name='errand_open_once', nulls_distinct=False)],
            },
        ),
    ]
