"""Matters at Zoom that others have replaced, and new words of the trail. A column with a constant default."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0018_preserved'),
    ]

    operations = [
        migrations.AddField(
            model_name='zoommatter',
            name='is_replaced',
            field=models.BooleanField(default=False, help_text='Ends as soon as everybody who stays is held in another one.'),
        ),
        migrations.AlterField(
            model_name='auditevent',
            name='action',
            field=models.CharField(choices=[('signed_in', 'signed in'), ('sign_in_failed', 'failed to sign in'), ('signed_out', 'signed out'), ('looked', 'looked at'), ('searched', 'searched'), ('downloaded', 'downloaded'), ('changed', 'changed'), ('started', 'started'), ('refused', 'was refused'), ('saved', 'saved'), ('removed', 'removed'), ('froze', 'froze'), ('compared', 'compared'), ('tagged', 'tagged'), ('untagged', 'took a tag off'), ('noted', 'noted'), ('asked', 'asked for approval of'), ('approved', 'approved'), ('turned_down', 'turned down'), ('withdrew', 'withdrew'), ('carried_out', 'carried out'), ('ended', 'ended'), ('released', 'released'), ('dropped', 'dropped custodians from'), ('added_member', 'made somebody a member of'), ('removed_member', 'took somebody off'), ('opened', 'opened'), ('held', 'held more people in'), ('held_at_zoom', 'placed at Zoom a hold of'), ('released_at_zoom', 'ended at Zoom a hold of'), ('prepared', 'prepared'), ('sent', 'sent'), ('not_sent', 'could not send'), ('acknowledged', 'acknowledged'), ('found', 'found'), ('dealt_with', 'dealt with'), ('confirmed', 'confirmed')], max_length=20),
        ),
    ]
