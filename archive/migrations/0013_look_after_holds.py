"""What holds depend on at Zoom is looked at again and again: new tables, and one more kind of observation.

What was seen stays: the database refuses to change or remove a sighting. The other table is one of jobs.
"""

import django.db.models.deletion
from django.db import migrations, models


TRIGGER = (
    "CREATE TRIGGER archive_sighting_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON archive_sighting "
    "FOR EACH STATEMENT EXECUTE FUNCTION archive_refuse()"
)


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0012_find_what_a_person_said'),
    ]

    operations = [
        migrations.AlterField(
            model_name='observation',
            name='kind',
            field=models.CharField(choices=[('session', 'session'), ('channel', 'channel'), ('retention', 'channel retention'), ('administrator', 'channel administrator'), ('activity', 'channel activity'), ('contact', 'contact'), ('emoji', 'custom emoji'), ('forward', 'forwarded message'), ('file', 'file information'), ('matter', 'legal hold matter'), ('hold_file', 'legal hold file')], max_length=20),
        ),
        migrations.CreateModel(
            name='Lookout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('matters', 'list of legal-hold matters'), ('retention', 'retention of a channel'), ('owner', 'owner of a channel'), ('contact', 'entry in the company directory')], max_length=10)),
                ('subject', models.CharField(blank=True, help_text="Zoom's id of the channel, an e-mail.", max_length=320)),
                ('through', models.CharField(blank=True, help_text='The user in whose place it is asked.', max_length=255)),
                ('state', models.CharField(choices=[('due', 'waiting'), ('claimed', 'being read'), ('resting', 'not needed now')], default='due', max_length=10)),
                ('attempts', models.PositiveIntegerField(default=0, help_text='Failures since it was last read.')),
                ('not_before', models.DateTimeField()),
                ('claimed_at', models.DateTimeField(null=True)),
                ('claim', models.UUIDField(help_text='Fences a worker that lost its claim out.', null=True)),
                ('last_error', models.TextField(blank=True, help_text='In words; empty when there is none.')),
                ('begun_at', models.DateTimeField(help_text='Since when it is looked at.')),
                ('read_at', models.DateTimeField(help_text='When a read that ended well began; None: never.', null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lookouts', to='archive.account')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Sighting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('said', models.JSONField(help_text='What Zoom said of it, as far as holds depend on it.')),
                ('seen_at', models.DateTimeField(help_text='When it was first read like this.')),
                ('before_at', models.DateTimeField(help_text='When it was last read otherwise; None: never read.', null=True)),
                ('lookout', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sightings', to='archive.lookout')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddIndex(
            model_name='lookout',
            index=models.Index(condition=models.Q(('state__in', ['due', 'claimed'])), fields=['account', 'not_before', 'id'], name='lookout_to_do'),
        ),
        migrations.AddConstraint(
            model_name='lookout',
            constraint=models.UniqueConstraint(fields=('account', 'kind', 'subject'), name='lookout_once'),
        ),
        migrations.AddIndex(
            model_name='sighting',
            index=models.Index(fields=['lookout', '-id'], name='sighting_newest'),
        ),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER archive_sighting_stays ON archive_sighting"),
    ]
