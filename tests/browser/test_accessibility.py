"""Every page, wide and on a phone: axe finds nothing, and nothing needs sideways scrolling of the whole page."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PAGES = {
    "leader": (
        "/", "/desk/", "/county/", "/indicators/", "/indicators/R5/", "/oversized/", "/gaps/", "/what-if/", "/evidence/",
        "/packs/", "/packs/balanced-2017/", "/runs/", "/schools/", "/schools/2164990001/", "/students/", "/teachers/",
        "/classes/", "/county-figures/", "/imports/", "/help/", "/help/methods/", "/search/?q=演示", "/plans/", "/plans/1/",
        "/plans/1/tasks/", "/board/", "/targets/", "/targets/1/", "/duties/", "/duties/1/", "/slips/", "/slips/1/",
        "/inspections/", "/inspections/1/", "/escalation/", "/workdays/", "/organisations/", "/bulletins/",
        "/bulletins/1/", "/performance/", "/performance/1/", "/aid/clauses/", "/aid/clauses/proof/", "/public/aid/", "/public/meals/",
        "/school-age/", "/out-of-school/", "/tutors/", "/filings/", "/my-cases/",
    ),
    "basic": ("/imports/new/", "/imports/1/", "/imports/1/differences/", "/imports/1/problems/", "/plans/new/", "/plans/1/read/", "/slips/new/"),
    "finance": ("/", "/board/", "/targets/", "/slips/"),
    "primary": ("/", "/desk/", "/gaps/", "/registers/", "/registers/new/"),
    "aid": (
        "/nutrition/", "/nutrition/settings/", "/nutrition/complaints/", "/nutrition/deliveries/", "/nutrition/suppliers/", "/graduates/",
        "/graduates/studies/", "/graduates/rates/", "/graduates/lists/", "/attendance/", "/attendance/streaks/", "/attendance/homerooms/",
        "/registers/", "/registers/new/", "/registers/missing/", "/registers/findings/", "/registers/repairs/", "/registers/1/",
        "/registers/1/lines/", "/registers/1/problems/", "/pairs/", "/pairs/?desk=missing", "/pairs/?desk=sample",
        "/awards/", "/awards/new/", "/awards/settings/", "/batches/", "/batches/new/", "/audit/",
    ),
    "township": ("/registers/", "/registers/missing/"),
    "auditor": ("/log/",),
    "administrator": ("/accounts/", "/accounts/new/", "/roles/", "/areas/", "/account/"),
}  # fmt: skip


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (360, 740)])
@pytest.mark.parametrize("who", PAGES)
def test_pages(signed_in: Callable[..., Page], who: str, width: int, height: int) -> None:
    page = signed_in(who, width, height)
    found = []
    for path in PAGES[who]:
        answer = page.goto(path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"
        page.wait_for_function("!document.querySelector('.htmx-request')")
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"{path}: {wide} px wide on a screen of {width}")
        for violation in Axe().run(page).response["violations"]:
            places = "; ".join(str(node["target"]) for node in violation["nodes"][:3])
            found.append(f"{path}: {violation['id']} {places}")
    assert found == []
