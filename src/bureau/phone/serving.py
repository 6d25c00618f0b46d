"""地址的共用部分: who asks, from where, and answers as JSON with a sentence in them."""

import json
from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from bureau.people.models import User


def user_of(request: HttpRequest) -> User:
    """The signed-in account; these addresses are closed to strangers before they come here."""
    # The account itself: through the lazy `request.user` each look at it is a call, and a record looks hundreds of times.
    user = get_user(request)
    if not isinstance(user, User):
        raise TypeError("this address needs an account")
    return user


def address_of(request: HttpRequest) -> str:
    """来源地址 for the log."""
    address: str = get_adapter(request).get_client_ip(request) or ""
    return address


def answer(content: Mapping[str, Any], status: int = 200) -> JsonResponse:
    """JSON that no cache keeps."""
    response = JsonResponse(dict(content), status=status, json_dumps_params={"ensure_ascii": False})
    response.headers["Cache-Control"] = "no-store"
    return response


def refused(sentence: str, status: int = 422) -> JsonResponse:
    """A sentence for the phone to show."""
    return answer({"sentence": sentence}, status)


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON of a request; empty when it is none."""
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def show(
    request: HttpRequest, template: str, *, title: str, status: int = 200, **context: object
) -> HttpResponse:
    """A staff page within the shell of the site."""
    return render(request, template, {"title": title, **context}, status=status)
