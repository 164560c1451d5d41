"""Make room for what is left of destroyed zips: a table of evidence, a state, and their figures in certificates.

The new columns have a constant default or none, and the table is new: nothing is written anew.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0028_groups_of_people'),
    ]

    operations = [
        migrations.AddField(
            model_name='certificate',
            name='zip_bytes',
            field=models.PositiveBigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='certificate',
            name='zips',
            field=models.PositiveBigIntegerField(db_default=0, default=0, help_text='Zips of legal holds.'),
        ),
        migrations.AddField(
            model_name='certificate',
            name='zips_sha256',
            field=models.BinaryField(help_text='Over the lines of the zips in its document; None: there are none.', max_length=32, null=True),
        ),
        migrations.AlterField(
            model_name='holdfile',
            name='state',
            field=models.CharField(choices=[('waiting', 'not ready at Zoom'), ('due', 'waiting'), ('claimed', 'being fetched'), ('stored', 'stored'), ('gone', 'gone at Zoom'), ('mismatch', 'differs from what Zoom said'), ('failed', 'failed'), ('destroyed', 'destroyed here')], max_length=10),
        ),
        migrations.AlterField(
            model_name='leaf',
            name='kind',
            field=models.SmallIntegerField(choices=[(1, 'revision stored'), (2, 'blob stored'), (3, 'page received'), (4, 'window closed'), (5, 'observation stored'), (6, 'unreadable record kept'), (7, 'audit event'), (8, 'file read'), (9, 'hold zip received'), (10, 'message destroyed'), (11, 'destruction certified'), (12, 'hold zip destroyed')]),
        ),
        migrations.CreateModel(
            name='ZipTombstone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('zoom_matter_id', models.CharField(max_length=255)),
                ('matter', models.BigIntegerField(help_text='The released matter of compliance it was made for.')),
                ('sha256', models.BinaryField(max_length=32)),
                ('size_bytes', models.BigIntegerField()),
                ('first_day', models.DateField(null=True)),
                ('last_day', models.DateField(null=True)),
                ('entries', models.PositiveBigIntegerField(help_text='Files in it; None: unknown.', null=True)),
                ('messages', models.PositiveBigIntegerField(help_text='Messages in it; None: unknown.', null=True)),
                ('statement', models.JSONField(help_text='Rules, who asked and who approved when, as compliance states it.')),
                ('leaves', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), help_text='Indexes in the log, ascending.', size=None)),
                ('hashes', models.BinaryField(help_text='Of these leaves, 32 bytes each.')),
                ('disposition', models.BigIntegerField(help_text='Under which disposition of compliance it was destroyed.')),
                ('destroyed_at', models.DateTimeField()),
                ('salt', models.BinaryField(max_length=16)),
                ('hold_file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='tombstone', to='archive.holdfile')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['disposition', 'id'], name='zip_tombstone_disposition'), django.contrib.postgres.indexes.GinIndex(fields=['leaves'], name='zip_tombstone_leaves')],
            },
        ),
    ]
