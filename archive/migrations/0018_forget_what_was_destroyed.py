"""How far the files of an index have forgotten what was destroyed; and bytes are removed under a lock, without a claim.

The new column has a constant default, and the other table is new: both change at once.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0017_one_door_for_destruction'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='blobremoval',
            name='claimed_at',
        ),
        migrations.AddField(
            model_name='indexstate',
            name='forgotten_to',
            field=models.BigIntegerField(db_default=0, default=0, help_text='Its files have no word of a message destroyed below this leaf.'),
        ),
        migrations.AlterField(
            model_name='blobremoval',
            name='state',
            field=models.CharField(choices=[('due', 'waiting'), ('removed', 'removed'), ('needed', 'stored again meanwhile'), ('kept', 'the store does not let go of it')], default='due', max_length=10),
        ),
    ]
