"""Note when the scopes of an account's app were last asked for and seen, and why Zoom gave no token."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0007_check_parents_together'),
    ]

    operations = [
        migrations.AddField(
            model_name='account',
            name='scopes_looked_at',
            field=models.DateTimeField(help_text="When the app's scopes were last asked for.", null=True),
        ),
        migrations.AddField(
            model_name='account',
            name='scopes_seen_at',
            field=models.DateTimeField(help_text='When Zoom last gave a token with these scopes.', null=True),
        ),
        migrations.AddField(
            model_name='account',
            name='token_error',
            field=models.CharField(blank=True, default='', help_text='Why Zoom gave no token when last asked; empty when it did.', max_length=500),
        ),
    ]
