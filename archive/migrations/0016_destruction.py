"""What is left of a destroyed message, the bytes still to be removed, and a fate of its own in every account of a pull.

The new counts have a constant default, so tables of any size change at once; their checks are made anew with them.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0015_find_words_in_zips'),
    ]

    operations = [
        migrations.CreateModel(
            name='BlobRemoval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.BinaryField(help_text='Empty once the bytes are gone.', max_length=32)),
                ('size_bytes', models.BigIntegerField()),
                ('disposition', models.BigIntegerField()),
                ('state', models.CharField(choices=[('due', 'waiting'), ('claimed', 'being removed'), ('removed', 'removed'), ('needed', 'stored again meanwhile'), ('kept', 'the store does not let go of it')], default='due', max_length=10)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('not_before', models.DateTimeField()),
                ('claimed_at', models.DateTimeField(null=True)),
                ('last_error', models.TextField(blank=True, default='', help_text='In words; empty when there is none.')),
                ('destroyed_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Tombstone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('zoom_id', models.CharField(max_length=255)),
                ('sent_at', models.DateTimeField()),
                ('revisions', models.PositiveIntegerField(help_text='Versions it had.')),
                ('attachments', models.PositiveIntegerField(help_text='Files it had.')),
                ('leaves', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), help_text='Indexes in the log, ascending.', size=None)),
                ('hashes', models.BinaryField(help_text='Of these leaves, 32 bytes each.')),
                ('disposition', models.BigIntegerField(help_text='Under which disposition of compliance it was destroyed.')),
                ('destroyed_at', models.DateTimeField()),
                ('salt', models.BinaryField(max_length=16)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='daycount',
            name='day_count_balances',
        ),
        migrations.RemoveConstraint(
            model_name='window',
            name='window_balances',
        ),
        migrations.AddField(
            model_name='daycount',
            name='destroyed',
            field=models.PositiveBigIntegerField(db_default=0, default=0, help_text='Destroyed here before that pull, and not stored again.'),
        ),
        migrations.AddField(
            model_name='window',
            name='destroyed',
            field=models.PositiveBigIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name='leaf',
            name='kind',
            field=models.SmallIntegerField(choices=[(1, 'revision stored'), (2, 'blob stored'), (3, 'page received'), (4, 'window closed'), (5, 'observation stored'), (6, 'unreadable record kept'), (7, 'audit event'), (8, 'file read'), (9, 'hold zip received'), (10, 'message destroyed')]),
        ),
        migrations.AlterField(
            model_name='windowclosure',
            name='account',
            field=models.JSONField(help_text='Totals and per-day counts: offered, archived, duplicate, excluded, failed, destroyed.'),
        ),
        migrations.AddConstraint(
            model_name='daycount',
            constraint=models.CheckConstraint(condition=models.Q(('offered', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('archived'), '+', models.F('duplicate')), '+', models.F('excluded')), '+', models.F('failed')), '+', models.F('destroyed')))), name='day_count_balances'),
        ),
        migrations.AddConstraint(
            model_name='window',
            constraint=models.CheckConstraint(condition=models.Q(('offered', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('archived'), '+', models.F('duplicate')), '+', models.F('excluded')), '+', models.F('failed')), '+', models.F('destroyed')))), name='window_balances'),
        ),
        migrations.AddIndex(
            model_name='blobremoval',
            index=models.Index(condition=models.Q(('state__in', ['removed', 'needed']), _negated=True), fields=['not_before', 'id'], name='blob_removal_due'),
        ),
        migrations.AddIndex(
            model_name='blobremoval',
            index=models.Index(fields=['disposition'], name='blob_removal_disposition'),
        ),
        migrations.AddField(
            model_name='tombstone',
            name='message',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='tombstone', to='archive.message'),
        ),
        migrations.AddField(
            model_name='tombstone',
            name='session',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archive.session'),
        ),
        migrations.AddIndex(
            model_name='tombstone',
            index=models.Index(fields=['disposition', 'id'], name='tombstone_disposition'),
        ),
        migrations.AddIndex(
            model_name='tombstone',
            index=models.Index(fields=['session', 'sent_at'], name='tombstone_session'),
        ),
        migrations.AddIndex(
            model_name='tombstone',
            index=django.contrib.postgres.indexes.GinIndex(fields=['leaves'], name='tombstone_leaves'),
        ),
    ]
