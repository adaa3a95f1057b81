"""The pages that Teams links to from the app: what it is, what it stores, and on which terms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from manifest.teams.builder import ABOUT_PATH, PRIVACY_PATH, TERMS_PATH

_PAGES: Final[Mapping[str, str]] = {
    ABOUT_PATH: (
        "Partnership bot\n\n"
        "Each term the leaders of the schools in a partnership look at how well their own school and the partnership\n"
        "work together. The bot asks them in Teams. When the cycle closes, a lead has the report posted in the\n"
        "partnership's channel.\n\n"
        "For help, say help to the bot, or ask the person who leads your partnership.\n\n"
        "Bob tymor mae arweinwyr yr ysgolion mewn partneriaeth yn edrych ar ba mor dda y mae eu hysgol eu hunain a'r\n"
        "bartneriaeth yn cydweithio. Mae'r bot yn eu holi yn Teams. Pan fydd y cylch yn cau, gall arweinydd y\n"
        "bartneriaeth ofyn i'r adroddiad gael ei bostio yn sianel y bartneriaeth.\n\n"
        "Am help, dywedwch help wrth y bot, neu holwch y sawl sy'n arwain eich partneriaeth.\n"
    ),
    PRIVACY_PATH: (
        "Partnership bot: what it keeps\n\n"
        "It keeps the name, the e-mail address and the Teams account of the people in the partnership's file, what\n"
        "they answer and note, and when they were reminded. It keeps no other conversation, and passes nothing on.\n\n"
        "Before you submit, it shows you who will see what. Say my data to the bot for a copy of everything it keeps\n"
        "about you, and erase me to have your name, your accounts and your notes removed.\n\n"
        "Messages in Teams are kept by Microsoft for your organisation as well, as its administrators have decided.\n\n"
        "Mae'n cadw enw, cyfeiriad e-bost a chyfrif Teams y bobl sydd yn ffeil y bartneriaeth, yr hyn y maent yn ei\n"
        "ateb ac yn ei nodi, a phryd y cawsant eu hatgoffa. Nid yw'n cadw unrhyw sgwrs arall, nac yn rhoi dim i\n"
        "neb.\n\n"
        "Cyn i chi gyflwyno, mae'n dangos i chi pwy fydd yn gweld beth. Dywedwch fy nata wrth y bot i gael copi o\n"
        "bopeth y mae'n ei gadw amdanoch, a dileu fi i ddileu eich enw, eich cyfrifon a'ch nodiadau.\n\n"
        "Mae Microsoft hefyd yn cadw negeseuon yn Teams ar ran eich sefydliad, fel y mae ei weinyddwyr wedi\n"
        "penderfynu.\n"
    ),
    TERMS_PATH: (
        "Partnership bot: terms\n\n"
        "It is free software under the MIT licence, without any warranty. Whoever runs it for your partnership is\n"
        "responsible for it, and your partnership has agreed on what its schools see of one another.\n\n"
        "Meddalwedd rydd ydyw o dan drwydded MIT, heb unrhyw warant. Pwy bynnag sy'n ei redeg ar ran eich\n"
        "partneriaeth sy'n gyfrifol amdano, ac mae eich partneriaeth wedi cytuno ar yr hyn y mae ei hysgolion yn ei\n"
        "weld am ei gilydd.\n"
    ),
}


def page_routes() -> APIRouter:
    return APIRouter(routes=[Route(path, _page, methods=["GET"]) for path in _PAGES])


async def _page(request: Request) -> Response:
    return PlainTextResponse(_PAGES[request.url.path], headers={"X-Content-Type-Options": "nosniff"})
