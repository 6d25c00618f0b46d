"""The clerk's desk of doubtful pairs by keyboard alone: a dozen pairs, a reason, an undo, and what a refusal does to the next key."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from conftest import Site

pytestmark = pytest.mark.browser
PAIRS = 18
DECIDED = 12


@pytest.fixture(scope="module")
def waiting(site: Site) -> Site:
    """The served county with pairs that wait."""
    environment = os.environ | {
        "DATA": str(site.data),
        "DEMO": "1",
        "DATABASE_URL": "",
        "JUNHENG_TESTING": "",
    }
    fill = Path(__file__).resolve().parent / "fill_pairs.py"
    subprocess.run([sys.executable, str(fill), str(PAIRS)], env=environment, check=True)
    return site


def shown(page: Page) -> str:
    """The number of the one card on the screen, which has the focus."""
    (card,) = page.locator(".pair:visible").all()
    expect(card).to_be_focused()
    return card.get_attribute("data-pk") or ""


def left(page: Page) -> int:
    return int(page.locator("#left").inner_text().replace(",", ""))


def another(page: Page, before: str) -> str:
    """Waits until another card stands there."""
    page.wait_for_function(
        "pk => document.querySelector('.pair:not([hidden])')?.dataset.pk !== pk", arg=before
    )
    return shown(page)


def test_a_dozen_pairs_by_keyboard(waiting: Site, signed_in: Callable[..., Page]) -> None:
    page = signed_in("aid")
    page.goto("/pairs/")
    at_first, here = left(page), shown(page)
    address = page.url
    seen = [here]
    for number in range(DECIDED):
        key = "1" if page.locator(".pair:visible [data-verdict=same]").is_enabled() else "3"
        if page.locator(".pair:visible").get_attribute("data-reason"):
            page.keyboard.press("r")
            page.keyboard.type("查户口簿，是同一人")
            page.keyboard.press("Escape")
        page.keyboard.press("2" if number % 10 == 4 else "3" if number % 10 == 7 else key)
        here = another(page, here)
        seen.append(here)
    assert len(set(seen)) == DECIDED + 1
    assert page.url == address
    expect(page.locator("#refused li")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    assert left(page) == at_first - DECIDED
    # Undone: the last one stands there again, and its keys work.
    page.keyboard.press("u")
    expect(page.locator("#said")).to_contain_text("已撤销")
    assert shown(page) == seen[DECIDED - 1]
    page.keyboard.press("3")
    assert another(page, seen[DECIDED - 1]) == seen[DECIDED]
    # j and k go on and back without deciding.
    page.keyboard.press("j")
    further = another(page, seen[DECIDED])
    page.keyboard.press("k")
    assert another(page, further) == seen[DECIDED]
    page.reload()
    assert left(page) == at_first - DECIDED
    # After the page has come anew, what was decided before can still be undone.
    page.keyboard.press("u")
    expect(page.locator("#said")).to_contain_text("已撤销")
    assert shown(page) == seen[DECIDED - 1]


def test_undo_means_the_last_key_whichever_answer_comes_first(
    waiting: Site, signed_in: Callable[..., Page]
) -> None:
    page = signed_in("aid")
    page.goto("/pairs/")
    first, at_first = shown(page), left(page)
    held: list[Route] = []

    def hold_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route("**/do/visit/", hold_first)
    page.keyboard.press("3")
    second = another(page, first)
    with page.expect_response("**/do/visit/"):
        page.keyboard.press("3")
    third = another(page, second)
    page.keyboard.press("u")
    page.keyboard.press("u")
    assert shown(page) == third
    held[0].continue_()
    another(page, third)
    page.wait_for_function(
        "pk => document.querySelector('.pair:not([hidden])')?.dataset.pk === pk", arg=first
    )
    assert left(page) == at_first


def test_what_was_not_saved_never_takes_the_place_of_the_card_in_hand(
    waiting: Site, signed_in: Callable[..., Page]
) -> None:
    page = signed_in("aid")
    page.goto("/pairs/")
    first, at_first = shown(page), left(page)

    def refuse(route: Route) -> None:
        time.sleep(0.3)
        route.fulfill(status=422, json={"said": "已有一人认定，正等第二人复核", "state": "second"})

    page.route("**/do/visit/", refuse)
    page.keyboard.press("3")
    second = another(page, first)
    expect(page.locator("#refused li")).to_have_count(1)
    assert shown(page) == second
    assert left(page) == at_first
    page.unroute("**/do/visit/")
    page.keyboard.press("j")
    assert another(page, second) == first
    page.keyboard.press("3")
    another(page, first)
    expect(page.locator("#refused li")).to_have_count(0)
    expect(page.locator("#said")).to_contain_text("需入户核实")
