"""Tag IM Chat."""

from sandbox.limits import Label
from sandbox.operations.rows import row

ROWS = (row("sendimmessages", "POST /im/users/me/chat/messages", Label.MEDIUM, classic="imchat:write"),)
