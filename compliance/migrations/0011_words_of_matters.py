"""New words of the trail: a matter opened, people held, and what Zoom did. Choices only; the table is not touched."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0010_protect_requests'),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditevent',
            name='action',
            field=models.CharField(choices=[('signed_in', 'signed in'), ('sign_in_failed', 'failed to sign in'), ('signed_out', 'signed out'), ('looked', 'looked at'), ('searched', 'searched'), ('downloaded', 'downloaded'), ('changed', 'changed'), ('started', 'started'), ('refused', 'was refused'), ('saved', 'saved'), ('removed', 'removed'), ('froze', 'froze'), ('compared', 'compared'), ('tagged', 'tagged'), ('untagged', 'took a tag off'), ('noted', 'noted'), ('asked', 'asked for approval of'), ('approved', 'approved'), ('turned_down', 'turned down'), ('withdrew', 'withdrew'), ('carried_out', 'carried out'), ('ended', 'ended'), ('opened', 'opened'), ('held', 'held more people in'), ('held_at_zoom', 'placed at Zoom a hold of'), ('released_at_zoom', 'ended at Zoom a hold of')], max_length=20),
        ),
    ]
