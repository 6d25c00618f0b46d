"""出错页: 403, 404 and 500 in Chinese, each with a sentence."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404; the sentence is the view's own, never the resolver's list of addresses."""
    said = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    return render(request, "404.html", {"sentence": said, "title": _("没有找到")}, status=404)


def denied(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    """403."""
    return render(request, "403.html", {"sentence": str(exception), "title": _("没有权限")}, status=403)
