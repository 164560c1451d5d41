"""What the trail says of hold health. Choices only; the table is not touched."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0019_end_matters_at_zoom'),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditevent',
            name='action',
            field=models.CharField(choices=[('signed_in', 'signed in'), ('sign_in_failed', 'failed to sign in'), ('signed_out', 'signed out'), ('looked', 'looked at'), ('searched', 'searched'), ('downloaded', 'downloaded'), ('changed', 'changed'), ('started', 'started'), ('refused', 'was refused'), ('saved', 'saved'), ('removed', 'removed'), ('froze', 'froze'), ('compared', 'compared'), ('tagged', 'tagged'), ('untagged', 'took a tag off'), ('noted', 'noted'), ('asked', 'asked for approval of'), ('approved', 'approved'), ('turned_down', 'turned down'), ('withdrew', 'withdrew'), ('carried_out', 'carried out'), ('ended', 'ended'), ('released', 'released'), ('dropped', 'dropped custodians from'), ('added_member', 'made somebody a member of'), ('removed_member', 'took somebody off'), ('opened', 'opened'), ('held', 'held more people in'), ('held_at_zoom', 'placed at Zoom a hold of'), ('released_at_zoom', 'ended at Zoom a hold of'), ('prepared', 'prepared'), ('sent', 'sent'), ('not_sent', 'could not send'), ('acknowledged', 'acknowledged'), ('found', 'found a fault in the holds of'), ('cleared', 'no longer found a fault in the holds of'), ('dealt_with', 'wrote about a fault in the holds of'), ('confirmed', 'said how a setting at Zoom is, for')], max_length=20),
        ),
    ]
