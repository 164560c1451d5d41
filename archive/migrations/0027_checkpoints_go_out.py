"""Where checkpoints go that leave this machine, and time stamps of them: two new tables."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0026_choose_for_exports'),
    ]

    operations = [
        migrations.CreateModel(
            name='Witness',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(choices=[('folder', 'Folder'), ('mailbox', 'Mailbox'), ('bucket', 'Bucket'), ('authority', 'Time-stamping authority')], max_length=10, unique=True)),
                ('name', models.CharField(help_text='Which one, as it is set up; another one begins anew.', max_length=500)),
                ('size', models.PositiveBigIntegerField(help_text='Size of the newest checkpoint that is there.', null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveIntegerField(default=0, help_text='That failed since one succeeded.')),
                ('not_before', models.DateTimeField()),
                ('claimed_at', models.DateTimeField(null=True)),
                ('last_error', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['place'],
            },
        ),
        migrations.CreateModel(
            name='Timestamp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reply', models.BinaryField()),
                ('stamped_at', models.DateTimeField(help_text='The time that the authority signed.')),
                ('checkpoint', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='timestamp', to='archive.checkpoint')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
    ]
