"""Tag Chat Files, and the file host behind the download links.

The file host is not the API: it answers a link with a redirect to its other name, serves byte ranges, and
refuses any request that carries an `Authorization` header, so that a leaked bearer token is noticed.
"""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandbox import ranges, spoil, wire
from sandbox.downloads import other_name
from sandbox.faults import Kind
from sandbox.files import StoredFile
from sandbox.gate import Call, route
from sandbox.instance import Instance
from sandbox.limits import Label
from sandbox.wire import Refusal


async def info(call: Call) -> Response:
    """A file's name, size, SHA-256 and a fresh download link."""
    file_id = call.path("fileId")
    stored = call.instance.find_file(file_id)
    if stored is None:
        raise Refusal(404, 404, "Resource not found.")
    return wire.reply(
        {
            "file_id": stored.id,
            "file_name": stored.name,
            "OS_file_type": stored.extension,
            "length": stored.content.size,
            "digest": stored.content.digest(),
            "created_time": stored.created_at,
            "modified_time": stored.created_at,
            "download_url": call.link(stored),
        }
    )


async def download(request: Request) -> Response:
    """The link of a message record: checks it and redirects to the host that has the bytes."""
    try:
        _refuse_bearer(request)
        stored = _checked(request)
    except Refusal as refusal:
        return refusal.reply()
    host = other_name(request.headers.get("host", "127.0.0.1"))
    path = f"/file/content/{quote(stored.id, safe='')}"
    return RedirectResponse(f"http://{host}{path}?{request.url.query}", 302)


async def content(request: Request) -> Response:
    """The bytes of a file, whole or a range of them."""
    instance: Instance = request.app.state.instance
    hits = instance.faults.strike("downloadFile", has_page_token=False)
    instance.requests["downloadFile"] = instance.requests.get("downloadFile", 0) + 1
    try:
        _refuse_bearer(request)
        if Kind.FILE_VANISHED in hits:
            instance.faults.vanished.add(request.path_params["fileId"])
        stored = _checked(request)
        refused = spoil.before(Label.LIGHT, hits, now=instance.limits.now())
        if refused is not None:
            return refused
        response = ranges.reply(
            stored.content,
            wanted=request.headers.get("range"),
            corrupt=Kind.FILE_CORRUPTED in hits,
            media_type="application/octet-stream",
            headers={"ETag": f'"{quote(stored.id, safe="")}"'},
        )
    except Refusal as refusal:
        return refusal.reply()
    return spoil.after(response, hits)


def _refuse_bearer(request: Request) -> None:
    if "authorization" in request.headers:
        raise Refusal(400, 400, "The file host must never be given a bearer token.")


def _checked(request: Request) -> StoredFile:
    instance: Instance = request.app.state.instance
    file_id = str(request.path_params["fileId"])
    instance.links.check(file_id, request.query_params.get("jwt", ""))
    stored = instance.find_file(file_id)
    if stored is None:
        raise Refusal(404, 404, "Resource not found.")
    return stored


ROUTES = [
    route("getFileInfo", info),
    Route("/file/download/{fileId}", download),
    Route("/file/content/{fileId}", content),
]
