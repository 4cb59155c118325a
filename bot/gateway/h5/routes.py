"""页面路由 (yemian luyou): the addresses under /h5 and what their handlers share."""

from __future__ import annotations

from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.adapters.files.local_files import LocalFileStore
from bot.adapters.vault.cipher import Cipher
from bot.adapters.yaml_catalogue import load_centre
from bot.gateway.h5 import notice, paper, progress, rating, supplement, upload
from bot.gateway.h5.pages import STATIC, Pages
from bot.gateway.h5.printer import Printer
from bot.gateway.h5.uploads import Uploads
from bot.gateway.limits import Buckets
from bot.gateway.links import Links
from bot.settings import Settings

_PDF = ".pdf"


def install(app: Sanic, settings: Settings) -> None:
    """Add the pages to the gateway's app.

    Raises:
        CatalogueError: the centre's profile cannot be read; every page shows its telephones.
    """
    app.ctx.centre = load_centre(settings.centre_dir / "profile.yml")
    app.ctx.pages = Pages(app.ctx.centre)
    app.ctx.links = Links(settings.cookie_key)
    app.ctx.printer = Printer()
    app.ctx.uploads = Uploads(LocalFileStore(settings.var / "uploads", Cipher(settings.vault_key)))
    app.ctx.page_limits = Buckets(40, 0.5)
    app.blueprint(_routes())
    app.register_listener(_start, "after_server_start")
    app.register_listener(_stop, "before_server_stop")


def _routes() -> Blueprint:
    routes = Blueprint("h5", url_prefix="/h5")
    routes.static("/static", str(STATIC), name="static")
    routes.add_route(_notice, "/n/<name:str>", methods=["GET"], name="notice")
    routes.add_route(progress.own, "/p", methods=["GET"], name="progress")
    routes.add_route(progress.look_up, "/p", methods=["POST"], name="look_up")
    routes.add_route(progress.one, "/p/<number:str>", methods=["GET"], name="case")
    routes.add_route(paper.show, "/d/<name:str>", methods=["GET"], name="paper")
    routes.add_route(supplement.give, "/s/<number:str>", methods=["POST"], name="supplement")
    routes.add_route(rating.page, "/r/<number:str>", methods=["GET"], name="rating")
    routes.add_route(rating.give, "/r/<number:str>", methods=["POST"], name="rate")
    routes.add_route(upload.page, "/u/<subject:str>", methods=["GET"], name="uploads")
    routes.add_route(upload.give, "/u/<subject:str>", methods=["POST"], name="upload", stream=True)
    routes.add_route(upload.take_back, "/u/<subject:str>/remove", methods=["POST"], name="take_back")
    return routes


async def _notice(request: Request, name: str) -> HTTPResponse:
    if name.endswith(_PDF):
        return await notice.pdf(request, name[: -len(_PDF)])
    return await notice.page(request, name)


async def _start(app: Sanic, _: object) -> None:
    app.ctx.uploads.start(app.ctx.gateway)


async def _stop(app: Sanic, _: object) -> None:
    await app.ctx.uploads.stop()
    app.ctx.printer.close()
