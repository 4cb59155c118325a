"""/cgi-bin/media/upload and get (fact sheet, items 48-49)."""

from __future__ import annotations

from typing import Any

from sanic.response import HTTPResponse, raw

from bot.wechat_sim.api.call import ApiCall, Endpoint
from bot.wechat_sim.errors import ApiError
from bot.wechat_sim.media import MIME


async def upload(call: ApiCall) -> dict[str, Any]:
    """A multipart upload in the field `media`."""
    state = call.state
    sent = call.request.files.get("media") if call.request.files else None
    if sent is None:
        raise ApiError(41005)
    medium = state.media.upload(call.query("type"), sent.body, state.knobs.media_seconds, state.knobs.image_limit)
    name = "thumb_media_id" if medium.kind == "thumb" else "media_id"
    return {"type": medium.kind, name: medium.media_id, "created_at": int(medium.created)}


async def get(call: ApiCall) -> "dict[str, Any] | HTTPResponse":
    """The file; of a video only its address."""
    media_id = call.query("media_id")
    if not media_id:
        raise ApiError(41006)
    medium = call.state.media.get(media_id)
    if medium.kind == "video":
        return {"video_url": f"{call.state.url}/sim/pictures/{media_id}"}
    headers = {"Content-disposition": f'attachment; filename="{media_id}.{medium.format}"'}
    return raw(medium.content, content_type=MIME.get(medium.format, "application/octet-stream"), headers=headers)


ENDPOINTS = [Endpoint("media/upload", "POST", upload), Endpoint("media/get", "GET", get)]
