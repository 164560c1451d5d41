"""Tag Chat Channels: channels as a member has them."""

from sandbox.gate import route
from sandbox.routes.account_channels import all_activities

ROUTES = [route("listAllChannelActivityLogs", all_activities)]
