"""A connected Zoom account."""

from django.db import models


class Account(models.Model):
    """One Zoom account, its credentials (the secret sealed) and how hard we may lean on its API."""

    class Plan(models.TextChoices):
        FREE = "free", "Free"
        PRO = "pro", "Pro"
        BUSINESS = "business", "Business or higher"

    zoom_account_id = models.CharField(max_length=255, unique=True)
    name = models.CharField(max_length=255)
    client_id = models.CharField(max_length=255)
    sealed_client_secret = models.BinaryField(help_text="Encrypted with a key derived from SECRET_KEY.")
    api_url = models.CharField(max_length=500, default="https://api.zoom.us/v2")
    oauth_url = models.CharField(max_length=500, default="https://zoom.us/oauth/token")
    plan = models.CharField(max_length=10, choices=Plan.choices, default=Plan.BUSINESS)
    budget_share = models.FloatField(
        default=0.5, help_text="Share of the plan's rate budget we may use, 0 to 1."
    )
    settle_days = models.PositiveSmallIntegerField(
        default=2, help_text="A day is pulled again until it is this many days old; then it has settled."
    )
    granted_scopes = models.JSONField(default=list)
    scopes_looked_at = models.DateTimeField(null=True, help_text="When the app's scopes were last asked for.")
    scopes_seen_at = models.DateTimeField(
        null=True, help_text="When Zoom last gave a token with these scopes."
    )
    token_error = models.CharField(
        max_length=500,
        blank=True,
        default="",
        help_text="Why Zoom gave no token when last asked; empty when it did.",
    )
    connected_at = models.DateTimeField()
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="account_budget_share_is_a_share",
                condition=models.Q(budget_share__gt=0, budget_share__lte=1),
            )
        ]

    def __str__(self) -> str:
        return self.name
