"""Groups that people are picked by, and two kinds of observations. New tables: no row changes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0027_checkpoints_go_out'),
    ]

    operations = [
        migrations.AlterField(
            model_name='observation',
            name='kind',
            field=models.CharField(choices=[('session', 'session'), ('channel', 'channel'), ('retention', 'channel retention'), ('administrator', 'channel administrator'), ('member', 'channel member'), ('activity', 'channel activity'), ('contact', 'contact'), ('emoji', 'custom emoji'), ('forward', 'forwarded message'), ('file', 'file information'), ('matter', 'legal hold matter'), ('hold_file', 'legal hold file'), ('group', 'group of people'), ('group_member', 'member of a group')], max_length=20),
        ),
        migrations.CreateModel(
            name='PeopleGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('directory', 'directory group'), ('mention', 'mention group'), ('space', 'shared space')], max_length=10)),
                ('zoom_id', models.CharField(max_length=255)),
                ('name', models.CharField(max_length=500)),
                ('channel_id', models.CharField(blank=True, help_text='Of a mention group: its channel.', max_length=255)),
                ('listed_at', models.DateTimeField(help_text='When the newest list that names it was begun.')),
                ('read_at', models.DateTimeField(help_text='When its members were read; None: never to the end.', null=True)),
                ('gone_at', models.DateTimeField(help_text='When a list did not name it any more.', null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='groups', to='archive.account')),
            ],
            options={
                'ordering': ['kind', 'name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='GroupMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_seen_at', models.DateTimeField()),
                ('last_seen_at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='groups', to='archive.person')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='archive.peoplegroup')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddConstraint(
            model_name='peoplegroup',
            constraint=models.UniqueConstraint(fields=('account', 'kind', 'zoom_id'), name='people_group_once'),
        ),
        migrations.AddConstraint(
            model_name='groupmember',
            constraint=models.UniqueConstraint(fields=('group', 'person'), name='group_member_once'),
        ),
    ]
