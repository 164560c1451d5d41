"""What custodians are told: wordings, notices, plans, and whom it is escalated to; new tables only."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0011_words_of_matters'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditevent',
            name='action',
            field=models.CharField(choices=[('signed_in', 'signed in'), ('sign_in_failed', 'failed to sign in'), ('signed_out', 'signed out'), ('looked', 'looked at'), ('searched', 'searched'), ('downloaded', 'downloaded'), ('changed', 'changed'), ('started', 'started'), ('refused', 'was refused'), ('saved', 'saved'), ('removed', 'removed'), ('froze', 'froze'), ('compared', 'compared'), ('tagged', 'tagged'), ('untagged', 'took a tag off'), ('noted', 'noted'), ('asked', 'asked for approval of'), ('approved', 'approved'), ('turned_down', 'turned down'), ('withdrew', 'withdrew'), ('carried_out', 'carried out'), ('ended', 'ended'), ('opened', 'opened'), ('held', 'held more people in'), ('held_at_zoom', 'placed at Zoom a hold of'), ('released_at_zoom', 'ended at Zoom a hold of'), ('prepared', 'prepared'), ('sent', 'sent'), ('not_sent', 'could not send'), ('acknowledged', 'acknowledged')], max_length=20),
        ),
        migrations.CreateModel(
            name='Superior',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('email', models.EmailField(max_length=320)),
                ('given_by_name', models.CharField(max_length=200)),
                ('given_at', models.DateTimeField()),
                ('custodian', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='superiors', to='compliance.custodian')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('hold', 'hold notice'), ('reminder', 'reminder'), ('escalation', 'escalation'), ('release', 'release notice')], max_length=10)),
                ('number', models.PositiveIntegerField(help_text='Counted from 1 within its kind.')),
                ('subject', models.CharField(max_length=200)),
                ('body', models.TextField(help_text='Plain text with placeholders.')),
                ('made_by_name', models.CharField(max_length=200)),
                ('made_at', models.DateTimeField()),
                ('approved_by_name', models.CharField(blank=True, max_length=200)),
                ('in_force_from', models.DateTimeField(help_text='None: not approved.', null=True)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['kind', '-number'],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(help_text='What its acknowledgement link names.', unique=True)),
                ('kind', models.CharField(choices=[('hold', 'hold notice'), ('reminder', 'reminder'), ('escalation', 'escalation'), ('release', 'release notice')], max_length=10)),
                ('channel', models.CharField(choices=[('mail', 'e-mail'), ('chat', 'Zoom chat')], max_length=4)),
                ('number', models.PositiveSmallIntegerField(default=1, help_text='Which reminder; 1 for anything else.')),
                ('recipient', models.CharField(blank=True, help_text='An address, or a Zoom user; empty: none is known.', max_length=320)),
                ('recipient_name', models.CharField(max_length=500)),
                ('chat_sender', models.CharField(blank=True, max_length=320)),
                ('subject', models.CharField(help_text='As sent.', max_length=400)),
                ('body', models.TextField(help_text='As sent, and as shown where it is acknowledged.')),
                ('chat_text', models.TextField(blank=True, help_text='What stands in the chat: the body where it fits.')),
                ('sha256', models.BinaryField(help_text='Over subject, an empty line, and body, in UTF-8.', max_length=32)),
                ('message_id', models.CharField(blank=True, help_text="A mail's, fixed before it is sent.", max_length=200)),
                ('why', models.TextField(blank=True, help_text='Why it was sent once more.')),
                ('prepared_at', models.DateTimeField()),
                ('prepared_by_name', models.CharField(max_length=200)),
                ('state', models.CharField(choices=[('review', 'waits to be reviewed'), ('due', 'to be sent'), ('claimed', 'being sent'), ('sent', 'sent'), ('acknowledged', 'acknowledged'), ('unsure', 'may have been sent'), ('failed', 'not sent'), ('discarded', 'discarded')], max_length=12)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('not_before', models.DateTimeField()),
                ('claimed_at', models.DateTimeField(null=True)),
                ('claim', models.UUIDField(help_text='Fences a worker that lost its claim out.', null=True)),
                ('handed_over_at', models.DateTimeField(help_text='Since when the last attempt may have reached somebody.', null=True)),
                ('last_error', models.TextField(blank=True, help_text='In words; empty when there is none.')),
                ('sent_at', models.DateTimeField(null=True)),
                ('zoom_message_id', models.CharField(blank=True, max_length=255)),
                ('acknowledged_at', models.DateTimeField(null=True)),
                ('acknowledged_from', models.GenericIPAddressField(null=True)),
                ('acknowledged_with', models.CharField(blank=True, help_text="The browser's own description.", max_length=300)),
                ('comment', models.TextField(blank=True, help_text='What the custodian wrote beside it.')),
                ('revoked_at', models.DateTimeField(help_text='Since when its link is dead and it is not in effect.', null=True)),
                ('custodian', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='compliance.custodian')),
                ('first', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='following', to='compliance.notice')),
                ('matter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='compliance.matter')),
                ('replaces', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='compliance.notice')),
                ('wording', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='compliance.wording')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='NoticePlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at_once', models.BooleanField(default=False, help_text='Whether notices are sent when they are prepared, or wait to be reviewed.')),
                ('way', models.CharField(choices=[('mail', 'by e-mail'), ('chat', 'in Zoom chat'), ('both', 'by e-mail and in Zoom chat')], default='mail', max_length=4)),
                ('contact', models.CharField(blank=True, help_text='Whom to ask; empty: who opened the matter.', max_length=200)),
                ('chat_sender', models.CharField(blank=True, help_text="The Zoom user whose chat it is; empty: the app's own user.", max_length=320)),
                ('remind_after_days', models.PositiveSmallIntegerField(default=3)),
                ('reminders', models.PositiveSmallIntegerField(default=3)),
                ('escalate_after_days', models.PositiveSmallIntegerField(default=10, help_text='0: never.')),
                ('matter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='notice_plan', to='compliance.matter')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('remind_after_days__range', (1, 90)), ('reminders__range', (0, 20)), ('escalate_after_days__range', (0, 365))), name='notice_plan_within_reason')],
            },
        ),
        migrations.AddConstraint(
            model_name='wording',
            constraint=models.UniqueConstraint(fields=('kind', 'number'), name='wording_number_once'),
        ),
        migrations.AddConstraint(
            model_name='wording',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', models.F('made_by')), _negated=True), name='wording_not_approved_by_its_author'),
        ),
        migrations.AddConstraint(
            model_name='wording',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('subject', ''), _negated=True), models.Q(('body', ''), _negated=True)), name='wording_has_words'),
        ),
        migrations.AddConstraint(
            model_name='wording',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_by', None), ('approved_by_name', ''), ('in_force_from', None)), models.Q(('in_force_from__isnull', False), models.Q(('approved_by_name', ''), _negated=True)), _connector='OR'), name='wording_in_force_says_who_approved'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['custodian', 'id'], name='notice_custodian'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('state__in', ['due', 'claimed'])), fields=['not_before', 'id'], name='notice_to_send'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(condition=models.Q(('first', None), ('kind', 'hold'), ('revoked_at', None), models.Q(('state', 'discarded'), _negated=True)), fields=('custodian',), name='hold_notice_once'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(condition=models.Q(('first__isnull', False), models.Q(('state', 'discarded'), _negated=True)), fields=('first', 'kind', 'number', 'channel'), name='notice_following_once'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'release'), models.Q(('state', 'discarded'), _negated=True)), fields=('custodian', 'channel'), name='release_notice_once'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'hold'), models.Q(('first', None), ('kind', 'release')), models.Q(('first__isnull', False), ('kind__in', ['reminder', 'escalation'])), _connector='OR'), name='notice_follows_its_first'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('acknowledged_at__isnull', False), ('first', None), ('kind', 'hold'), ('state', 'acknowledged')), models.Q(models.Q(('state', 'acknowledged'), _negated=True), ('acknowledged_at', None)), _connector='OR'), name='notice_acknowledged_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', False), _connector='OR'), name='notice_sent_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('recipient', ''), _negated=True), ('state__in', ['failed', 'discarded', 'review']), _connector='OR'), name='notice_to_be_sent_has_a_recipient'),
        ),
    ]
