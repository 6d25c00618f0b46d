"""Whoever follows a link is not refused: every kind of link on the first page, on the pages of the rooms, and on what they list."""

import re
from collections import deque
from collections.abc import Callable, Iterator
from html import unescape
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

# Those who may not open everything: the office and the leader see nearly every page.
ROLES = ("primary", "teacher", "township", "women")
DEPTH = 2
LINK = re.compile(r'(?:href|hx-get)="(/[^"#]*)')
# What only sorts, pages, filters or exports what stands there already; signing out ends the walk.
SAME = re.compile(r"[?&](sort|page|on|saved|format|export|county|columns)=|^/(static|account/logout|i18n)/")


def kinds(path: str) -> str:
    """The address with its numbers, codes and names left out: one of a kind is followed."""
    address = urlsplit(path)
    ways = ["*" if re.search(r"[\d%]|[^\x00-\x7f]", part) else part for part in address.path.split("/")]
    asked = sorted(part.partition("=")[0] for part in address.query.split("&"))
    return "/".join(ways) + "?" + "&".join(asked)


def links(text: str) -> Iterator[str]:
    for found in LINK.findall(text):
        address = unescape(found)
        if not SAME.search(address) and address.count("&") == 0:
            yield address


@pytest.mark.parametrize("role", ROLES)
def test_every_link_leads_on(role: str, signed_in: Callable[..., Page]) -> None:
    page = signed_in(role)
    todo, seen, refused = deque([("/", "", 0)]), set[str](), []
    while todo:
        address, came_from, depth = todo.popleft()
        if kinds(address) in seen:
            continue
        seen.add(kinds(address))
        answer = page.request.get(address)
        # 404 is no refusal: the small county has pages on which nothing stands yet.
        if answer.status == 403 or answer.status >= 500:
            refused.append(f"{answer.status} {address} on {came_from}")
        elif depth <= DEPTH and "html" in answer.headers.get("content-type", ""):
            todo.extend((link, address, depth + 1) for link in links(answer.text()))
    assert refused == []
    assert len(seen) > 15
