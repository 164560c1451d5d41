"""Saved searches, whole answers as lists of ids, tags and notes: new tables, and new words of the trail."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0003_roles'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditevent',
            name='action',
            field=models.CharField(choices=[('signed_in', 'signed in'), ('sign_in_failed', 'failed to sign in'), ('signed_out', 'signed out'), ('looked', 'looked at'), ('searched', 'searched'), ('downloaded', 'downloaded'), ('changed', 'changed'), ('started', 'started'), ('refused', 'was refused'), ('saved', 'saved'), ('removed', 'removed'), ('froze', 'froze'), ('compared', 'compared'), ('tagged', 'tagged'), ('untagged', 'took a tag off'), ('noted', 'noted')], max_length=20),
        ),
        migrations.CreateModel(
            name='SavedSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('query', models.TextField()),
                ('language', models.PositiveSmallIntegerField(help_text='The version of the query language it was typed in.')),
                ('parsed', models.TextField(help_text='The tree it was read as then, spelled out.')),
                ('order', models.CharField(max_length=10)),
                ('is_shared', models.BooleanField(default=False)),
                ('made_by_name', models.CharField(max_length=200)),
                ('made_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(null=True)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('key', models.CharField(help_text='The name without regard to case and width.', max_length=80, unique=True)),
                ('colour', models.CharField(choices=[('plain', 'plain'), ('good', 'green'), ('busy', 'blue'), ('gap', 'orange'), ('held', 'purple'), ('due', 'yellow'), ('destroyed', 'red')], default='plain', max_length=10)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['key'],
            },
        ),
        migrations.CreateModel(
            name='MessageList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('frozen', 'frozen list'), ('run', 'run of a saved search'), ('tagging', 'messages to be tagged')], max_length=10)),
                ('name', models.CharField(blank=True, max_length=100)),
                ('query', models.TextField()),
                ('language', models.PositiveSmallIntegerField()),
                ('parsed', models.TextField()),
                ('explanation', models.TextField()),
                ('order', models.CharField(max_length=10)),
                ('made_by_name', models.CharField(max_length=200)),
                ('asked_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('due', 'waiting'), ('claimed', 'being read'), ('done', 'done'), ('failed', 'failed')], default='due', max_length=10)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('not_before', models.DateTimeField()),
                ('claimed_at', models.DateTimeField(null=True)),
                ('claim', models.UUIDField(help_text='Fences a worker that lost its claim out of the list.', null=True)),
                ('last_error', models.TextField(blank=True, help_text='In words; empty when there is none.')),
                ('total', models.PositiveBigIntegerField(help_text='How many there were when it was asked for.')),
                ('done', models.PositiveBigIntegerField(default=0, help_text='How many have been read so far.')),
                ('count', models.PositiveBigIntegerField(null=True)),
                ('sha256', models.BinaryField(help_text='Over the ids in order, a line each.', max_length=32, null=True)),
                ('scope', models.JSONField(help_text='What its maker could see when it was read.', null=True)),
                ('complete_to', models.BigIntegerField(help_text='All leaves below this one were searched.', null=True)),
                ('pending', models.PositiveBigIntegerField(help_text='Records stored and not searched yet.', null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('search', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lists', to='compliance.savedsearch')),
                ('tag', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='compliance.tag')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='TagMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.BigIntegerField()),
                ('made_at', models.DateTimeField()),
                ('made_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tag', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='compliance.tag')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='ListPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('list', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='compliance.messagelist')),
            ],
            options={
                'ordering': ['list', 'number'],
                'constraints': [models.UniqueConstraint(fields=('list', 'number'), name='list_part_once')],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.BigIntegerField()),
                ('text', models.TextField(blank=True, help_text='Empty: withdrawn.')),
                ('made_by_name', models.CharField(max_length=200)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaces', models.OneToOneField(help_text='The version before.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='compliance.note')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['message_id', 'id'], name='note_message')],
                'constraints': [models.CheckConstraint(condition=models.Q(('replaces__isnull', False), models.Q(('text', ''), _negated=True), _connector='OR'), name='note_begins_with_words')],
            },
        ),
        migrations.AddConstraint(
            model_name='savedsearch',
            constraint=models.UniqueConstraint(condition=models.Q(('removed_at', None)), fields=('made_by', 'name'), name='saved_search_named_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='savedsearch',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='saved_search_has_a_name'),
        ),
        migrations.AddConstraint(
            model_name='tag',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('key', ''), _negated=True)), name='tag_has_a_name'),
        ),
        migrations.AddIndex(
            model_name='messagelist',
            index=models.Index(fields=['search', 'made_by', '-id'], name='list_runs'),
        ),
        migrations.AddIndex(
            model_name='messagelist',
            index=models.Index(condition=models.Q(('state__in', ['due', 'claimed'])), fields=['not_before', 'id'], name='list_to_do'),
        ),
        migrations.AddConstraint(
            model_name='messagelist',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('complete_to__isnull', False), ('count__isnull', False), ('finished_at__isnull', False), ('pending__isnull', False), ('scope__isnull', False), ('sha256__isnull', False)), _connector='OR'), name='list_done_has_its_result'),
        ),
        migrations.AddConstraint(
            model_name='messagelist',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('purpose', 'frozen'), ('tag', None), models.Q(('name', ''), _negated=True)), models.Q(('purpose', 'run'), ('search__isnull', False), ('tag', None)), models.Q(('purpose', 'tagging'), ('search', None), ('tag__isnull', False)), _connector='OR'), name='list_says_what_it_is_for'),
        ),
        migrations.AddConstraint(
            model_name='messagelist',
            constraint=models.CheckConstraint(condition=models.Q(('order__in', ['newest', 'oldest'])), name='list_is_in_order_of_time'),
        ),
        migrations.AddIndex(
            model_name='tagmark',
            index=models.Index(fields=['message_id'], name='tagmark_message'),
        ),
        migrations.AddConstraint(
            model_name='tagmark',
            constraint=models.UniqueConstraint(fields=('tag', 'message_id'), name='tag_once_a_message'),
        ),
    ]
