"""The token endpoint: `POST /oauth/token` for server-to-server apps."""

from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox import tokens, wire
from sandbox.instance import Instance


async def token(request: Request) -> Response:
    """Hand out an access token for the account's own app."""
    instance: Instance = request.app.state.instance
    instance.requests["oauthToken"] = instance.requests.get("oauthToken", 0) + 1
    form = parse_qsl((await request.body()).decode("utf-8", "replace"))
    given = {**request.query_params, **dict(form)}
    try:
        issued = instance.tokens.issue(
            authorization=request.headers.get("authorization"),
            grant_type=given.get("grant_type"),
            account_id=given.get("account_id"),
        )
    except tokens.OAuthRefusal as refusal:
        return wire.reply({"reason": refusal.reason, "error": refusal.error}, status=refusal.status)
    return wire.reply(
        {
            "access_token": issued,
            "token_type": "bearer",
            "expires_in": tokens.LIFE_SECONDS,
            "scope": " ".join(sorted(instance.tokens.scopes)),
            "api_url": f"http://{request.headers.get('host', '127.0.0.1')}",
        }
    )


ROUTES = [Route("/oauth/token", token, methods=["POST"])]
