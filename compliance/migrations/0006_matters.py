"""Matters, their members, custodians, holds and the matters at Zoom: new tables only."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0005_protect_lists_and_notes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Custodian',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person_id', models.BigIntegerField()),
                ('name', models.CharField(max_length=500)),
                ('email', models.CharField(blank=True, max_length=320)),
                ('added_at', models.DateTimeField()),
                ('added_by_name', models.CharField(max_length=200)),
                ('dropped_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Matter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account_id', models.BigIntegerField()),
                ('name', models.CharField(help_text='At Zoom a mark of ours is added; 128 are allowed there.', max_length=100)),
                ('reason', models.TextField(help_text='Why something is held: the case, the order, the request.')),
                ('since', models.DateField(help_text='The first day held, in UTC; None: everything there is.', null=True)),
                ('until', models.DateField(help_text='The last day held, in UTC; None: until it is released.', null=True)),
                ('covers_received', models.BooleanField(default=True, help_text='Whether what others said where a custodian took part is held too.')),
                ('at_zoom', models.BooleanField(default=True, help_text='Whether Zoom is told to hold as well, so that it makes zips.')),
                ('request_key', models.UUIDField(help_text="The form's own key: sent twice, it opens one matter.", unique=True)),
                ('state', models.CharField(choices=[('active', 'active'), ('released', 'released')], default='active', max_length=10)),
                ('opened_by_name', models.CharField(max_length=200)),
                ('opened_at', models.DateTimeField()),
                ('released_at', models.DateTimeField(null=True)),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account_id', models.BigIntegerField()),
                ('person_id', models.BigIntegerField(null=True)),
                ('session_id', models.BigIntegerField(null=True)),
                ('covers_received', models.BooleanField()),
                ('since', models.DateTimeField(help_text='Said at this moment or later; None: ever.', null=True)),
                ('until', models.DateTimeField(help_text='Said before this moment; None: without an end.', null=True)),
                ('placed_at', models.DateTimeField()),
                ('placed_by_name', models.CharField(max_length=200)),
                ('released_at', models.DateTimeField(null=True)),
                ('custodian', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='compliance.custodian')),
                ('matter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='compliance.matter')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='custodian',
            name='matter',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='custodians', to='compliance.matter'),
        ),
        migrations.CreateModel(
            name='MatterMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('added_at', models.DateTimeField()),
                ('added_by_name', models.CharField(max_length=200)),
                ('removed_at', models.DateTimeField(null=True)),
                ('removed_by_name', models.CharField(blank=True, max_length=200)),
                ('matter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='compliance.matter')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='matters', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='ZoomMatter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=128, unique=True)),
                ('zoom_id', models.CharField(blank=True, help_text='Empty until Zoom has given one.', max_length=255)),
                ('state', models.CharField(choices=[('due', 'to be created'), ('creating', 'being created'), ('held', 'held at Zoom'), ('ending', 'to be deleted'), ('deleting', 'being deleted'), ('deleted', 'deleted at Zoom'), ('failed', 'refused by Zoom')], default='due', max_length=10)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('not_before', models.DateTimeField()),
                ('claimed_at', models.DateTimeField(null=True)),
                ('claim', models.UUIDField(help_text='Fences a worker that lost its claim out.', null=True)),
                ('last_error', models.TextField(blank=True, help_text='In words; empty when there is none.')),
                ('asked_at', models.DateTimeField()),
                ('created_at', models.DateTimeField(help_text="When Zoom's id was learned.", null=True)),
                ('deleted_at', models.DateTimeField(null=True)),
                ('custodians', models.ManyToManyField(related_name='zoom_matters', to='compliance.custodian')),
                ('matter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='zoom_matters', to='compliance.matter')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddConstraint(
            model_name='matter',
            constraint=models.UniqueConstraint(fields=('account_id', 'name'), name='matter_named_once'),
        ),
        migrations.AddConstraint(
            model_name='matter',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('reason', ''), _negated=True)), name='matter_has_name_and_reason'),
        ),
        migrations.AddConstraint(
            model_name='matter',
            constraint=models.CheckConstraint(condition=models.Q(('since', None), ('until', None), ('until__gte', models.F('since')), _connector='OR'), name='matter_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='matter',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('released_at', None), ('state', 'active')), models.Q(('released_at__isnull', False), ('state', 'released')), _connector='OR'), name='matter_released_at_a_time'),
        ),
        migrations.AddIndex(
            model_name='hold',
            index=models.Index(condition=models.Q(('released_at', None)), fields=['person_id'], name='hold_person'),
        ),
        migrations.AddIndex(
            model_name='hold',
            index=models.Index(condition=models.Q(('released_at', None)), fields=['session_id'], name='hold_session'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('custodian', None), ('person_id__isnull', False), _connector='OR'), name='hold_of_a_custodian_names_them'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('since', None), ('until', None), ('until__gt', models.F('since')), _connector='OR'), name='hold_ends_after_it_begins'),
        ),
        migrations.AddIndex(
            model_name='custodian',
            index=models.Index(fields=['person_id'], name='custodian_person'),
        ),
        migrations.AddConstraint(
            model_name='custodian',
            constraint=models.UniqueConstraint(condition=models.Q(('dropped_at', None)), fields=('matter', 'person_id'), name='custodian_once'),
        ),
        migrations.AddIndex(
            model_name='mattermember',
            index=models.Index(condition=models.Q(('removed_at', None)), fields=['user', 'matter'], name='matters_of'),
        ),
        migrations.AddConstraint(
            model_name='mattermember',
            constraint=models.UniqueConstraint(condition=models.Q(('removed_at', None)), fields=('matter', 'user'), name='matter_member_once'),
        ),
        migrations.AddIndex(
            model_name='zoommatter',
            index=models.Index(condition=models.Q(('state__in', ['due', 'creating', 'ending', 'deleting'])), fields=['not_before', 'id'], name='zoom_matter_to_do'),
        ),
        migrations.AddConstraint(
            model_name='zoommatter',
            constraint=models.UniqueConstraint(condition=models.Q(('zoom_id', ''), _negated=True), fields=('zoom_id',), name='zoom_matter_once'),
        ),
        migrations.AddConstraint(
            model_name='zoommatter',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['held', 'ending', 'deleting', 'deleted']), _negated=True), models.Q(('zoom_id', ''), _negated=True), _connector='OR'), name='zoom_matter_held_has_its_id'),
        ),
    ]
