"""Where in the log each record of an export is: a new working table, filled when an export is measured or made next."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0031_read_months_of_sessions'),
    ]

    operations = [
        migrations.CreateModel(
            name='ExportRecord',
            fields=[
                ('pk', models.CompositePrimaryKey('export_id', 'leaf', blank=True, editable=False, primary_key=True, serialize=False)),
                ('export_id', models.BigIntegerField()),
                ('leaf', models.BigIntegerField()),
                ('kind', models.SmallIntegerField()),
                ('subject_id', models.BigIntegerField()),
            ],
        ),
    ]
