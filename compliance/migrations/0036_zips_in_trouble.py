"""Hold zips in trouble are findings of hold health. Changes no row."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0035_protect_retention'),
    ]

    operations = [
        migrations.AlterField(
            model_name='finding',
            name='kind',
            field=models.CharField(choices=[('matter_missing', 'matter missing at Zoom'), ('custodian_missing', 'custodian missing at Zoom'), ('stranger', 'somebody else in the matter at Zoom'), ('not_placed', 'not held at Zoom'), ('deactivated', 'custodian deactivated'), ('left', 'custodian left the account'), ('retention_short', 'retention too short'), ('retention_changed', 'retention changed'), ('owner_changed', 'channel owner changed'), ('channel_gone', 'channel deleted'), ('members', 'members of channels unknown'), ('zip_missing', 'hold zip not here'), ('zip_late', 'hold zip not ready at Zoom'), ('zip_differs', 'hold zip differs from the reports'), ('zips_unlisted', 'hold zips not listed'), ('behind', 'capture behind'), ('broken', 'days not captured'), ('scopes', 'scopes missing'), ('no_token', 'Zoom gives no token'), ('account_off', 'account switched off'), ('not_read', 'not read lately'), ('setting', 'a setting at Zoom is not as it should be')], max_length=20),
        ),
    ]
