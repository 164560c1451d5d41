"""What exports have chosen, and what they say of things that change: three new working tables."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0025_read_days_of_reports'),
    ]

    operations = [
        migrations.CreateModel(
            name='ExportFact',
            fields=[
                ('pk', models.CompositePrimaryKey('export_id', 'kind', 'key', blank=True, editable=False, primary_key=True, serialize=False)),
                ('export_id', models.BigIntegerField()),
                ('kind', models.CharField(max_length=10)),
                ('key', models.BigIntegerField()),
                ('value', models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name='ExportItem',
            fields=[
                ('pk', models.CompositePrimaryKey('export_id', 'session_id', 'sent_at', 'message_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('export_id', models.BigIntegerField()),
                ('session_id', models.BigIntegerField()),
                ('sent_at', models.DateTimeField()),
                ('message_id', models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='ExportFile',
            fields=[
                ('pk', models.CompositePrimaryKey('export_id', 'attachment_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('export_id', models.BigIntegerField()),
                ('attachment_id', models.BigIntegerField()),
                ('blob_id', models.BigIntegerField(null=True)),
                ('state', models.CharField(max_length=10)),
            ],
            options={
                'indexes': [models.Index(fields=['export_id', 'blob_id'], name='export_file_blob')],
            },
        ),
    ]
