"""出错页: 400, 403, 404 and 500 in Chinese, each with a sentence."""

from django.core.exceptions import PermissionDenied, RequestDataTooBig
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


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: a request that was not read; too much text is by far the commonest."""
    sentence = _("请求有误，没有处理；请返回上一页重试")
    if isinstance(exception, RequestDataTooBig):
        sentence = _("内容太多，没有收下；请把文字存成文件再上传，或分几次提交")
    return render(request, "400.html", {"sentence": sentence, "title": _("没有收下")}, status=400)


def unreadable(request: HttpRequest) -> HttpResponse:
    """400: a character that nobody sees and no database keeps."""
    sentence = _("内容里有看不见的控制字符，没有收下；请删去后重新输入")
    return render(request, "400.html", {"sentence": sentence, "title": _("没有收下")}, status=400)
