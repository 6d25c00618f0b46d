"""控制字符: a request with a zero byte is answered in a sentence; PostgreSQL refuses such a text, and a sheet made of it does not open."""

from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from bureau.pages import errors

FORM = "application/x-www-form-urlencoded"


class NoZeroBytes:
    """Before the page in addresses and plain forms; where it hid in a file or in JSON, when the database has refused it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        hidden = "\0" in request.path or "%00" in request.META.get("QUERY_STRING", "")
        if hidden or (request.content_type == FORM and b"%00" in request.body):
            return errors.unreadable(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """400 for what the driver says of a zero byte (a ValueError) or the database (of JSON); others go on."""
        told = isinstance(exception, ValueError | DatabaseError) and _of_zero_bytes(str(exception))
        return errors.unreadable(request) if told else None


def _of_zero_bytes(said: str) -> bool:
    return "NUL (0x00)" in said or "\\u0000" in said
