"""手机的接口: who am I and my key, what to take along, records in, photos in. Every answer is JSON with a sentence where one is due.

A stranger is sent to the sign-in page like everywhere; the phone does not follow, and shows its own link to it.
"""

from uuid import UUID

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bureau.log.actions import read_access
from bureau.log.models import Verb
from bureau.people.rules import Permission, Refused, why_not
from bureau.phone import actions, device_actions, photo_actions, queries
from bureau.phone.arrivals import Arrival
from bureau.phone.lines import LONGEST_LINE, MOST_LINES, is_sha256
from bureau.phone.models import Device, Photo
from bureau.phone.outgoing import tasks as tasks_of
from bureau.phone.outgoing import version
from bureau.phone.serving import address_of, answer, body_of, refused, user_of
from bureau.phone.shapes import moment

LARGEST_BATCH = 2 * 1024 * 1024
NO_PHONE = "服务器不认识这部手机，请重新打开手机页并登录"
LOST = "这部手机已报丢失：数据将从手机上清除"


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """登录后回到手机页: the sign-in page comes first where it must."""
    return HttpResponseRedirect(reverse("phone"))


@require_GET
def hello(request: HttpRequest) -> JsonResponse:
    """我是谁: and the token for what follows."""
    user = user_of(request)
    return answer(
        {
            "csrf": get_token(request),
            "owner": queries.owner_tag(user),
            "name": user.display_name,
            "refusal": why_not(user.role, Permission.WORK_CASES) or "",
            "days": settings.PHONE_DAYS,
            "now": now().isoformat(),
        }
    )


@require_POST
def key(request: HttpRequest) -> JsonResponse:
    """钥匙 of this account's data on this phone; made at the first asking."""
    said = body_of(request)
    try:
        number = UUID(str(said.get("device")))
        device, opened = device_actions.key_of(
            number=number,
            name=str(said.get("name") or ""),
            by=user_of(request),
            at=now(),
            address=address_of(request),
        )
    except ValueError:
        return refused(NO_PHONE)
    except Refused as refusal:
        return refused(str(refusal), 410)
    return answer({"key": opened, "device": str(device.number)})


@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    """我的任务, whole; 304 when the phone has it already. Each taking-along is logged with its number of children."""
    user = user_of(request)
    device = _device(request, request.GET.get("device", ""))
    if device is None:
        return refused(NO_PHONE)
    if device.lost_at:
        return refused(LOST, 410)
    document = tasks_of(user, localdate())
    # The same tasks are told anew when the phone has changed its language: their sentences are put into it on the way out.
    tag = f'"{version(document)}-{get_language()}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag, "Cache-Control": "no-store"})
    at = now()
    Device.objects.filter(pk=device.pk).update(cases=len(document["cases"]), seen_at=at)
    read_access(
        by=user,
        verb=Verb.EXPORT,
        obj=("phone", str(device.number)),
        detail={"cases": len(document["cases"]), "classes": [one["title"] for one in document["classes"]]},
        at=at,
        address=address_of(request),
    )
    response = answer(document | {"now": at.isoformat()})
    response.headers["ETag"] = tag
    return response


@require_POST
def sync(request: HttpRequest) -> JsonResponse:
    """上报: lines of JSON; one answer a line, then what photos are missing. The same batch may come any number of times."""
    user = user_of(request)
    device = _device(request, request.headers.get("X-Phone", ""))
    if device is None:
        return refused(NO_PHONE)
    if int(request.headers.get("Content-Length") or 0) > LARGEST_BATCH:
        return refused("一次上报的内容太多，手机会分几次再送", 413)
    lines = [line for line in request.body.split(b"\n") if line.strip()]
    if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE * 2 for line in lines):
        return refused("一次上报的内容太多，手机会分几次再送", 413)
    arrival = Arrival(
        by=user,
        at=now(),
        today=localdate(),
        sent_at=moment(request.headers.get("X-Phone-Now")),
        device=device,
        address=address_of(request),
    )
    answers = actions.receive(lines=lines, arrival=arrival)
    named = [UUID(one.id) for one in answers if one.state and one.photos]
    return answer(
        {
            "answers": [one.as_dict() for one in answers],
            "missing": queries.photos_missing(named) if named else {},
            "now": arrival.at.isoformat(),
            "lost": device.lost_at is not None,
        }
    )


@require_http_methods(["GET"])
def photo(request: HttpRequest, sha256: str) -> JsonResponse:
    """照片到了哪些段."""
    if not is_sha256(sha256):
        return refused("照片编号不对", 404)
    return answer({"pieces": queries.pieces(user_of(request), sha256), "piece": queries.PIECE})


@require_POST
def piece(request: HttpRequest, sha256: str, number: int) -> JsonResponse:
    """收一段照片."""
    if not is_sha256(sha256):
        return refused("照片编号不对", 404)
    if int(request.headers.get("Content-Length") or 0) > queries.PIECE:
        return refused("这一段照片太长，手机会自动再送", 413)
    arrival = Arrival(by=user_of(request), at=now(), today=localdate(), address=address_of(request))
    try:
        state = photo_actions.receive_piece(
            sha256=sha256, number=number, content=request.body, arrival=arrival
        )
    except Refused as refusal:
        return refused(str(refusal))
    except OperationalError:
        return refused(actions.BUSY, 503)
    sentence = ""
    if state == Photo.State.REFUSED:
        rows = Photo.objects.filter(receipt__user=arrival.by, sha256=sha256)
        sentence = rows.values_list("sentence", flat=True).first() or ""
    return answer({"state": state, "sentence": sentence})


def _device(request: HttpRequest, text: str) -> Device | None:
    try:
        return queries.device(UUID(text), user_of(request))
    except ValueError:
        return None
