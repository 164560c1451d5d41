"""A request is approved before it expires, and carried out no sooner than it has cooled off: two constraints more."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0014_first_wordings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='request',
            constraint=models.CheckConstraint(condition=models.Q(('approved_at', None), models.Q(('approved_at__lt', models.F('expires_at')), ('runs_at__gte', models.F('approved_at'))), _connector='OR'), name='request_approved_in_time'),
        ),
        migrations.AddConstraint(
            model_name='request',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'carried_out'), _negated=True), ('ended_at__gte', models.F('runs_at')), _connector='OR'), name='request_carried_out_when_cool'),
        ),
    ]
