"""Retention: what Zoom keeps for how long and what our rules say of it, and how long the archive itself keeps what."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.api import endpoints, paging
from compliance.api.paging import Asked, Key, Moment
from compliance.disposition import rules as keeping
from compliance.models import ChannelSetting, KeepingRule, RetentionRule
from compliance.retention import conditions, rules, table

Plain = serializers.Serializer[Any]


class WhichChannels(Asked):
    """Which channels."""

    show = serializers.ChoiceField(
        choices=[one.value for one in table.Show if one.value], required=False,
        help_text="shorter, longer: what our rule would make of Zoom's period.",
    )  # fmt: skip
    named = serializers.CharField(
        max_length=200, required=False, help_text="In its name, its owner's or its space's."
    )
    rule = Key(required=False)


class Channel(Plain):
    """A channel, how long Zoom keeps it, and what our rule says."""

    id = serializers.IntegerField(source="setting.pk")
    account_id = serializers.IntegerField(source="setting.account_id")
    channel_id = serializers.CharField(source="setting.channel_id")
    session_id = serializers.IntegerField(source="setting.session_id", allow_null=True)
    title = serializers.CharField(source="setting.title")
    kind = serializers.CharField(source="setting.kind")
    members = serializers.IntegerField(source="setting.members", allow_null=True, help_text="null: unknown.")
    zoom = serializers.CharField(help_text="Zoom's period in words; empty: unknown.")
    ours = serializers.CharField(help_text="Our rule's period in words; empty: no rule covers it.")
    rule_id = serializers.IntegerField(source="setting.rule_id", allow_null=True)
    difference = serializers.ChoiceField(
        source="setting.difference", choices=[*ChannelSetting.Difference.values]
    )
    is_held = serializers.BooleanField(
        source="setting.is_held", help_text="Covered by a hold, or nobody can say that not."
    )
    read_at = Moment(source="setting.read_at", allow_null=True)
    drifted_at = Moment(
        source="setting.drifted_at",
        allow_null=True,
        help_text="When it was first read otherwise than applied.",
    )


class WhichRules(Asked):
    """Which rules."""

    ended = serializers.BooleanField(
        required=False, help_text="Only those that ended, or only those in force."
    )


class ZoomRule(Plain):
    """A rule of how long Zoom is to keep channels."""

    id = serializers.IntegerField(source="pk")
    account_id = serializers.IntegerField()
    name = serializers.CharField()
    period = serializers.CharField(help_text="In Zoom's notation, as in 90d, 24m, 7y.")
    reason = serializers.CharField()
    covers = serializers.SerializerMethodField(help_text="Its conditions in words.")
    replaces_id = serializers.IntegerField(allow_null=True)
    made_by_name = serializers.CharField()
    made_at = Moment()
    ended_at = Moment(allow_null=True)
    ended_by_name = serializers.CharField()
    ended_why = serializers.CharField()

    def get_covers(self, rule: RetentionRule) -> str:
        """Its conditions in words."""
        return conditions.in_words(conditions.of(rule.conditions))


class ArchiveRule(Plain):
    """A rule of how long the archive keeps what."""

    id = serializers.IntegerField(source="rule.pk")
    account_id = serializers.IntegerField(source="rule.account_id")
    name = serializers.CharField(source="rule.name")
    about = serializers.CharField(help_text="What it is about, in words.")
    amount = serializers.IntegerField(source="rule.amount", allow_null=True, help_text="null: for good.")
    unit = serializers.ChoiceField(source="rule.unit", choices=[*KeepingRule.Unit.values])
    law = serializers.CharField(source="rule.law")
    reason = serializers.CharField(source="rule.reason")
    is_duty = serializers.BooleanField(source="rule.is_duty", help_text="It must not go sooner.")
    made_by_name = serializers.CharField(source="rule.made_by_name")
    made_at = Moment(source="rule.made_at")
    approved_by_name = serializers.CharField(source="rule.approved_by_name")
    ended_at = Moment(source="rule.ended_at", allow_null=True)


class Channels(endpoints.Endpoint):
    """Channels and their retention."""

    @endpoints.described(paging.page_of(Channel), of="retention", named="list_channels", asks=WhichChannels)
    def get(self, request: Request) -> Response:
        """The channels that pass every filter, by name."""
        asked = paging.asked(WhichChannels, request)
        try:
            found = table.page(
                show=table.Show(asked.get("show", "")), named=asked.get("named", ""), rule_id=asked.get("rule"),
                after=asked.get("after", ""), limit=asked["limit"], by=self.by, now=self.now,
            )  # fmt: skip
        except ValueError as error:
            raise serializers.ValidationError({"after": paging.NOT_A_PLACE}) from error
        return paging.page(request, found.lines, shape=Channel, total=found.total, after=found.next)


class OneChannel(endpoints.Endpoint):
    """One channel."""

    @endpoints.described(Channel, of="retention", named="get_channel")
    def get(self, request: Request, setting_id: int) -> Response:
        """One channel and its retention."""
        found = table.one(setting_id=setting_id, by=self.by, now=self.now)
        return Response(Channel(found.line).data)


class ZoomRules(endpoints.Endpoint):
    """Rules for Zoom."""

    @endpoints.described(paging.page_of(ZoomRule), of="retention", named="list_zoom_rules", asks=WhichRules)
    def get(self, request: Request) -> Response:
        """The rules of how long Zoom is to keep channels, in force and ended, newest first."""
        asked = paging.asked(WhichRules, request)
        in_force, ended = rules.listed(by=self.by, now=self.now)
        every = {False: in_force, True: ended, None: [*in_force, *ended]}[asked.get("ended")]
        found = {one.rule.pk: one.rule for one in every}
        return paging.keyed(request, found, asked, shape=ZoomRule, newest_first=True)


class OneZoomRule(endpoints.Endpoint):
    """One rule for Zoom."""

    @endpoints.described(ZoomRule, of="retention", named="get_zoom_rule")
    def get(self, request: Request, rule_id: int) -> Response:
        """One rule of how long Zoom is to keep channels."""
        return Response(ZoomRule(rules.get(rule_id=rule_id, by=self.by, now=self.now)).data)


class ArchiveRules(endpoints.Endpoint):
    """Rules for the archive."""

    @endpoints.described(
        paging.page_of(ArchiveRule), of="retention", named="list_archive_rules", asks=WhichRules
    )
    def get(self, request: Request) -> Response:
        """The rules of how long the archive keeps what, in force and ended, newest first."""
        asked = paging.asked(WhichRules, request)
        every, ended = keeping.every(with_ended=True, by=self.by, now=self.now), asked.get("ended")
        found = {
            one.rule.pk: one for one in every if ended is None or (one.rule.ended_at is not None) == ended
        }
        return paging.keyed(request, found, asked, shape=ArchiveRule, newest_first=True)


class OneArchiveRule(endpoints.Endpoint):
    """One rule for the archive."""

    @endpoints.described(ArchiveRule, of="retention", named="get_archive_rule")
    def get(self, request: Request, rule_id: int) -> Response:
        """One rule of how long the archive keeps what."""
        return Response(ArchiveRule(keeping.seen(rule_id=rule_id, by=self.by, now=self.now)).data)
