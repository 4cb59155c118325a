"""The kinds of passive replies and the rules for each (fact sheet, items 25-28)."""

from __future__ import annotations

from typing import Any, Callable
from xml.etree.ElementTree import Element

from bot.wechat_sim.xml import only

TEXT_BYTES = 2048
_ONE_ARTICLE = ("text", "image", "voice", "video", "shortvideo", "location", "link", "file")
_EVENT_ARTICLES = 8

Media = Callable[[str, str], str]


class Illegal(Exception):
    """A reply the platform does not take; the text is a reason for machines."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.detail = detail


def _container(root: Element, name: str) -> Element:
    found = root.findall(name)
    if len(found) != 1:
        raise Illegal("field_missing", name)
    return found[0]


def _media_of(root: Element, name: str, field: str, kind: str, media: Media) -> tuple[str, Element]:
    box = _container(root, name)
    media_id = only(box, field)
    if not media_id:
        raise Illegal("field_missing", f"{name}/{field}")
    state = media(media_id, kind)
    if state != "ok":
        raise Illegal(state, media_id)
    return media_id, box


def _text(root: Element, trigger: str, is_event: bool, media: Media) -> dict[str, Any]:
    content = only(root, "Content")
    if content is None:
        raise Illegal("field_missing", "Content")
    if not content.strip():
        raise Illegal("empty_content")
    size = len(content.encode())
    if size > TEXT_BYTES:
        raise Illegal("content_too_long", str(size))
    return {"text": content}


def _image(root: Element, trigger: str, is_event: bool, media: Media) -> dict[str, Any]:
    return {"media_id": _media_of(root, "Image", "MediaId", "image", media)[0]}


def _voice(root: Element, trigger: str, is_event: bool, media: Media) -> dict[str, Any]:
    return {"media_id": _media_of(root, "Voice", "MediaId", "voice", media)[0]}


def _video(root: Element, trigger: str, is_event: bool, media: Media) -> dict[str, Any]:
    media_id, box = _media_of(root, "Video", "MediaId", "video", media)
    return {"media_id": media_id, "title": only(box, "Title") or "", "description": only(box, "Description") or ""}


def _music(root: Element, trigger: str, is_event: bool, media: Media) -> dict[str, Any]:
    _, box = _media_of(root, "Music", "ThumbMediaId", "thumb", media)
    return {"title": only(box, "Title") or "", "url": only(box, "MusicUrl") or ""}


def _news(root: Element, trigger: str, is_event: bool, media: Media) -> dict[str, Any]:
    count = only(root, "ArticleCount") or ""
    items = _container(root, "Articles").findall("item")
    if not items:
        raise Illegal("no_articles")
    if not (count.isascii() and count.isdecimal()) or int(count) != len(items):
        raise Illegal("article_count")
    most = _EVENT_ARTICLES if is_event or trigger not in _ONE_ARTICLE else 1
    names = ("Title", "Description", "PicUrl", "Url")
    articles = [{name.lower(): only(item, name) or "" for name in names} for item in items]
    return {"articles": articles[:most], "cut": max(0, len(articles) - most)}


def _transfer(root: Element, trigger: str, is_event: bool, media: Media) -> dict[str, Any]:
    if is_event:
        raise Illegal("transfer_of_event")
    boxes = root.findall("TransInfo")
    return {"kf_account": (only(boxes[0], "KfAccount") or "") if boxes else ""}


REPLIES: dict[str, Callable[[Element, str, bool, Media], dict[str, Any]]] = {
    "text": _text,
    "image": _image,
    "voice": _voice,
    "video": _video,
    "music": _music,
    "news": _news,
    "transfer_customer_service": _transfer,
}
