"""手机页的外壳: page, manifest, service worker and words. No account is needed for them, because no child stands in them."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bureau.phone import casework, rollcalls
from bureau.phone.outgoing import TITLES
from bureau.phone.words import WORDS
from junheng.policy.ledgers import parse, shipped

# Signs of a card that only phones read; a household's card has more.
SHORT = 9
HERE = Path(__file__).resolve().parent
FOLDER = HERE / "static" / "phone"
# The camera and the position are asked for here and nowhere else on the site.
_PERMISSIONS = "camera=(self), microphone=(), geolocation=(self)"


@require_GET
def app(request: HttpRequest, code: str = "") -> HttpResponse:
    """手机页; also the address on a card, whose number only the phone itself looks up among its own children.

    A household's card that comes here comes without the phone's own page, so it is answered as everywhere else on the site.
    """
    if len(code) > SHORT:
        return HttpResponseRedirect(reverse("card", args=[code]))
    response = render(request, "phone/app.html", {"demo": settings.DEMO, "files": _files()})
    response.headers["Permissions-Policy"] = _PERMISSIONS
    return response


@require_GET
def manifest(request: HttpRequest) -> JsonResponse:
    """安装说明 for the phone's start screen."""
    icons = [
        {"src": _plain("icon-192.png"), "sizes": "192x192", "type": "image/png", "purpose": "any maskable"},
        {"src": _plain("icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any maskable"},
    ]
    content = {
        "name": _("均衡 · 走访"), "short_name": _("走访"), "lang": translation.get_language() or "zh-hans", "id": "/phone/",
        "start_url": "/phone/", "scope": "/phone/", "display": "standalone", "orientation": "any",
        "background_color": "#f5f7f9", "theme_color": "#14538f", "icons": icons,
    }  # fmt: skip
    return JsonResponse(content, content_type="application/manifest+json")


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """Service worker: the list of what the page is made of, and its version, put before the code."""
    code = (HERE / "worker.js").read_text(encoding="utf-8")
    parts = ["/phone/", "/phone/words.json", *_files().values()]
    head = f"const VERSION = {json.dumps(_version())};\nconst PARTS = {json.dumps(parts)};\n"
    response = HttpResponse(head + code, content_type="text/javascript; charset=utf-8")
    # The browser must ask each time, or a corrected page would reach a phone a day late.
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_GET
def words(request: HttpRequest) -> JsonResponse:
    """The page's words: {Chinese: English}, so that the language can be changed without network."""
    return JsonResponse(english(), json_dumps_params={"ensure_ascii": False})


@lru_cache(maxsize=1)
def english() -> dict[str, str]:
    """Those of the page, and what the ledgers of the program say to a phone as far as the catalogue has it; no county's own texts."""
    with translation.override("en"):
        found = {text: _(text) for text in WORDS}
        packs = [parse(text) for text in shipped().values()]
        for ledger in packs:
            if ledger.title_en:
                found[ledger.title] = ledger.title_en
        office = {text for ledger in packs for text in casework.said_by(ledger)} | {
            *TITLES,
            *rollcalls.labels(),
            "、",
        }
        return found | {text: told for text in sorted(office) if (told := _(text)) != text}


def _plain(name: str) -> str:
    """The address without a hash in it: modules name one another by it, and the version of the worker renews them all."""
    return f"/{settings.STATIC_URL.strip('/')}/phone/{name}"


def _files() -> dict[str, str]:
    """{name: address} of every static part."""
    return {path.name: _plain(path.name) for path in sorted(FOLDER.iterdir()) if path.is_file()}


@lru_cache(maxsize=1)
def _version() -> str:
    parts = [
        HERE / "worker.js",
        HERE / "templates" / "phone" / "app.html",
        *sorted(FOLDER.iterdir()),
    ]
    seen = hashlib.sha256(json.dumps(english()).encode())
    for path in parts:
        if path.is_file():
            seen.update(path.read_bytes())
    return seen.hexdigest()[:12]
