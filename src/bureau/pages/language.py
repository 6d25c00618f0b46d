"""语言: Chinese unless the person has chosen otherwise; what the browser asks for is not a choice."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin

from bureau.pages.sentences import english
from bureau.pages.sentences_page import in_english


def chosen(request: HttpRequest) -> str:
    """The language of the cookie, else the site's."""
    code = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


class ChineseFirst(MiddlewareMixin):
    """In place of Django's LocaleMiddleware, which would show English to a browser installed in English."""

    def process_request(self, request: HttpRequest) -> None:
        translation.activate(chosen(request))
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        patch_vary_headers(response, ["Cookie"])
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        html = response.headers.get("Content-Type", "").startswith("text/html")
        if html and not response.streaming and translation.get_language() == "en":
            response.content = in_english(response.content.decode(), english().read).encode()
            if response.has_header("Content-Length"):
                response.headers["Content-Length"] = str(len(response.content))
        return response
