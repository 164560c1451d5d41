"""Lists of channel members are looked at, and a leave that was only noticed in them says so. Adds without rewriting."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0018_forget_what_was_destroyed'),
    ]

    operations = [
        migrations.AddField(
            model_name='membership',
            name='noticed',
            field=models.BooleanField(db_default=False, default=False, help_text='Missing in the list of members at that moment; left before.'),
        ),
        migrations.AlterField(
            model_name='lookout',
            name='kind',
            field=models.CharField(choices=[('matters', 'list of legal-hold matters'), ('retention', 'retention of a channel'), ('owner', 'owner of a channel'), ('members', 'members of a channel'), ('contact', 'entry in the company directory')], max_length=10),
        ),
        migrations.AlterField(
            model_name='observation',
            name='kind',
            field=models.CharField(choices=[('session', 'session'), ('channel', 'channel'), ('retention', 'channel retention'), ('administrator', 'channel administrator'), ('member', 'channel member'), ('activity', 'channel activity'), ('contact', 'contact'), ('emoji', 'custom emoji'), ('forward', 'forwarded message'), ('file', 'file information'), ('matter', 'legal hold matter'), ('hold_file', 'legal hold file')], max_length=20),
        ),
        migrations.AddIndex(
            model_name='membership',
            index=models.Index(condition=models.Q(('noticed', True)), fields=['at'], name='membership_noticed'),
        ),
    ]
