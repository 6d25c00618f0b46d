"""语言: Chinese unless the person has chosen otherwise; what the browser asks for is not a choice.

A phone keeps its own choice, because it is changed without network, and says it with each call.
"""

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin

from bureau.pages.sentences import english
from bureau.pages.sentences_page import in_english

PHONE = "/phone/"
SENTENCES = ("sentence", "refusal", "red")
FIELDS = "fields"  # what people wrote comes back as they wrote it


def chosen(request: HttpRequest) -> str:
    """The language that a phone says it speaks, else that of the cookie, else the site's."""
    code = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if request.path.startswith(PHONE) and (said := request.headers.get("X-Language", "")):
        code = "en" if said == "en" else settings.LANGUAGE_CODE
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def sentences_read(text: str, read: Callable[[str], str]) -> str:
    """JSON with its sentences in English; names, titles and what is chosen from stay as they are stored."""

    def told(value: Any) -> Any:
        if isinstance(value, list):
            return [told(one) for one in value]
        if not isinstance(value, dict):
            return value
        return {
            name: one
            if name == FIELDS
            else read(one)
            if name in SENTENCES and isinstance(one, str) and one
            else told(one)
            for name, one in value.items()
        }

    return json.dumps(told(json.loads(text)), ensure_ascii=False)


class ChineseFirst(MiddlewareMixin):
    """In place of Django's LocaleMiddleware, which would show English to a browser installed in English."""

    def process_request(self, request: HttpRequest) -> None:
        translation.activate(chosen(request))
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        patch_vary_headers(response, ["Cookie"])
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        if response.streaming or translation.get_language() != "en":
            return response
        kind = response.headers.get("Content-Type", "")
        html = kind.startswith("text/html")
        said = request.path.startswith(PHONE) and "X-Language" in request.headers and kind.startswith("application/json")  # fmt: skip
        if html or said:
            text = response.content.decode()
            read = english().read
            response.content = (in_english(text, read) if html else sentences_read(text, read)).encode()
            if response.has_header("Content-Length"):
                response.headers["Content-Length"] = str(len(response.content))
        return response
