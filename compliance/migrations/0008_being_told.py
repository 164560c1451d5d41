"""Lines that people are told, and the mail that carries them: a new table."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0007_protect_holds'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Told',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(help_text="In our words; names in it may be anybody's.", max_length=400)),
                ('link', models.CharField(help_text='An address within the console.', max_length=200)),
                ('at', models.DateTimeField()),
                ('seen_at', models.DateTimeField(null=True)),
                ('mail', models.CharField(choices=[('none', 'not mailed'), ('due', 'to be mailed'), ('claimed', 'being mailed'), ('sent', 'mailed'), ('failed', 'could not be mailed')], default='none', max_length=10)),
                ('mailed_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('not_before', models.DateTimeField(null=True)),
                ('claimed_at', models.DateTimeField(null=True)),
                ('claim', models.UUIDField(null=True)),
                ('last_error', models.TextField(blank=True, help_text='In words; empty when there is none.')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['person', '-id'], name='told_person'), models.Index(condition=models.Q(('seen_at', None)), fields=['person'], name='told_unseen'), models.Index(condition=models.Q(('mail__in', ['due', 'claimed'])), fields=['not_before', 'id'], name='told_to_mail')],
                'constraints': [models.CheckConstraint(condition=models.Q(('link__startswith', '/'), models.Q(('link__startswith', '//'), _negated=True)), name='told_leads_within_the_console')],
            },
        ),
    ]
