"""手机的地址. Who may open each is said with the marks of the staff pages, which are handed in: this room does not reach them."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from bureau.people.rules import Permission
from bureau.phone import cards, desk, devices, sheet_pages, shell, syncing

View = Callable[..., Any]


def addresses(page: Callable[..., Any], open_page: Callable[[View], View]) -> list[URLPattern]:
    """Every address below /phone/."""
    everybody, workers = page(), page(Permission.WORK_CASES)
    return [
        path("", open_page(shell.app), name="phone"),
        path("c/<str:code>/", open_page(shell.app), name="phone-card"),
        path("manifest.json", open_page(shell.manifest), name="phone-manifest"),
        path("worker.js", open_page(shell.worker), name="phone-worker"),
        path("words.json", open_page(shell.words), name="phone-words"),
        # To everybody signed in: who has lost the right to work cases still delivers what was written before.
        path("start/", everybody(syncing.start), name="phone-start"),
        path("hello/", everybody(syncing.hello), name="phone-hello"),
        path("key/", everybody(syncing.key), name="phone-key"),
        path("tasks/", everybody(syncing.tasks), name="phone-tasks"),
        path("sync/", everybody(syncing.sync), name="phone-sync"),
        path("photos/<str:sha256>/", everybody(syncing.photo), name="phone-photo"),
        path("photos/<str:sha256>/<int:number>/", everybody(syncing.piece), name="phone-piece"),
        path("devices/", everybody(devices.listing), name="phone-devices"),
        path("devices/<int:pk>/lost/", everybody(devices.lost), name="phone-lost"),
        path("desk/", workers(desk.listing), name="phone-desk"),
        path("desk/<int:pk>/", workers(desk.one), name="phone-record"),
        path("desk/<int:pk>/<str:action>/", workers(desk.change), name="phone-record-change"),
        path("desk/photos/<int:pk>/view/", workers(desk.photo), name="phone-record-photo"),
        path("cards/", workers(cards.cards), name="phone-cards"),
        path("sheet/", workers(sheet_pages.sheet), name="phone-sheet"),
        path("sheet/download/", workers(sheet_pages.download), name="phone-sheet-download"),
    ]
