"""A visit in a village without network, in real Chromium: written, kept through a reload, and arriving once and whole."""

import base64
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from conftest import PATIENCE, Site

pytestmark = pytest.mark.browser
Enter = Callable[..., Page]
HERE = Path(__file__).resolve().parent.parent
PASSPHRASE = "village2026"
SMALL = (390, 844)


@pytest.fixture(scope="module")
def visits(site: Site) -> Site:
    """The served county with a visiting teacher and cases."""
    environment = os.environ | {
        "DATA": str(site.data),
        "DEMO": "1",
        "DATABASE_URL": "",
        "JUNHENG_TESTING": "",
    }
    subprocess.run([sys.executable, str(HERE / "phone" / "fill.py"), "6"], env=environment, check=True)
    return site


@pytest.fixture
def signed_in(chromium: Browser, visits: Site) -> Iterator[Enter]:
    """As everywhere, but a request that fails without network is no fault of the page."""
    contexts, said = [], list[str]()

    def enter(username: str, width: int, height: int) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", base_url=visits.url, has_touch=True
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on(
            "console",
            lambda one: (
                said.append(one.text) if one.type == "error" and "Failed to load" not in one.text else None
            ),
        )
        page.goto("/account/login/")
        page.click(f'[data-demo-username="{username}"]')
        page.click("#sign-in button[type=submit]")
        page.wait_for_url(lambda url: "login" not in url)
        return page

    yield enter
    for context in contexts:
        context.close()
    assert said == []


def asked(site: Site, code: str) -> str:
    """What the served database says, by a process of its own."""
    environment = os.environ | {"DATA": str(site.data), "DATABASE_URL": "", "JUNHENG_TESTING": ""}
    environment |= {"DJANGO_SETTINGS_MODULE": "bureau.settings"}
    begin = "import django; django.setup(); from bureau.cases.models import *; from bureau.phone.models import *; "
    done = subprocess.run(
        [sys.executable, "-c", begin + code], env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def open_phone(page: Page) -> None:
    page.goto("/phone/")
    page.get_by_label("口令（至少 8 位，有字母和数字）").fill(PASSPHRASE)
    page.get_by_label("再输一次").fill(PASSPHRASE)
    page.get_by_role("button", name="设好了").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("我的走访")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def picture(page: Page) -> bytes:
    """A photo of some size, drawn by the browser."""
    address = page.evaluate(
        """() => { const canvas = document.createElement('canvas'); canvas.width = 2400; canvas.height = 1800;
        const pen = canvas.getContext('2d'); for (let n = 0; n < 4000; n++) { pen.fillStyle = `hsl(${n * 37 % 360} 60% 50%)`;
        pen.fillRect(n * 97 % 2400, n * 61 % 1800, 60, 40); } return canvas.toDataURL('image/jpeg', 0.9); }"""
    )
    return base64.b64decode(address.split(",")[1])


def write_visit(page: Page, name: str, text: str, *, photo: bytes | None = None) -> None:
    page.locator("ul.cases a", has_text=name).first.click()
    page.get_by_role("link", name="家访记录").click()
    page.get_by_label("走访情况（必填）").fill(text)
    if photo:
        page.set_input_files("#photo", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo})
        expect(page.locator(".photos img")).to_have_count(1)
    page.get_by_role("button", name="记完，上报").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("上报")


def first_name(page: Page, place: int = 0) -> str:
    return page.locator("ul.cases a strong").nth(place).inner_text()


def test_a_visit_without_network_arrives_once_and_whole(signed_in: Enter, visits: Site) -> None:
    page = signed_in("walker", *SMALL)
    open_phone(page)
    photo, name = picture(page), first_name(page)
    page.context.set_offline(True)
    write_visit(page, name, "村里没有信号，见到奶奶", photo=photo)
    expect(page.locator(".record")).to_have_attribute("data-state", "ready")
    # What lies on the disk names nobody and says nothing.
    kept = page.evaluate(
        """async () => { const base = await new Promise((done) => { const asked = indexedDB.open('junheng-phone');
        asked.onsuccess = () => done(asked.result); }); let text = '';
        for (const store of base.objectStoreNames) { const rows = await new Promise((done) => {
          const asked = base.transaction(store).objectStore(store).getAll(); asked.onsuccess = () => done(asked.result); });
          text += JSON.stringify(rows, (_, value) => value instanceof ArrayBuffer ? new TextDecoder('utf-8').decode(value) : value); }
        return text; }"""
    )
    assert name not in kept
    assert "奶奶" not in kept
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("输入开锁口令")
    page.get_by_label("口令", exact=True).fill("wrong-pass1")
    page.get_by_role("button", name="打开").click()
    expect(page.get_by_role("alert")).to_contain_text("还可以试 9 次")
    page.get_by_label("口令", exact=True).fill(PASSPHRASE)
    page.get_by_role("button", name="打开").click()
    expect(page.locator(".record")).to_have_attribute("data-state", "ready")
    page.context.set_offline(False)
    expect(page.locator(".record")).to_have_attribute("data-whole", "true")
    expect(page.locator(".record")).to_contain_text("已收到")
    page.get_by_role("button", name="现在上报").click()
    said = asked(
        visits,
        "e = Event.objects.filter(text='村里没有信号，见到奶奶'); f = CaseFile.objects.filter(name__contains='走访照片');"
        "from bureau.people.kept import open_kept; content = open_kept('cases', f[0].sha256, f[0].name);"
        "print(e.count(), f.count(), content[:3].hex(), b'Exif' in content, Receipt.objects.filter(record=e[0].record_id, state='accepted').count())",
    )
    assert said == "1 1 ffd8ff False 1"
    left = page.evaluate(
        """() => new Promise((done) => { const asked = indexedDB.open('junheng-phone'); asked.onsuccess = () => {
        const rows = asked.result.transaction('photos').objectStore('photos').count(); rows.onsuccess = () => done(rows.result); }; })"""
    )
    assert left == 0


def test_a_bad_net_loses_and_doubles_nothing(signed_in: Enter, visits: Site) -> None:
    """Answers dropped, requests dropped, requests sent twice; the page's own sender must bring each visit once."""
    page = signed_in("walker", *SMALL)
    open_phone(page)
    page.context.set_offline(True)
    name = first_name(page, 1)
    for number in range(4):
        if number:
            page.get_by_role("link", name="回名单").click()
        write_visit(page, name, f"坏网络第{number}次")
    fates = iter(["request lost", "answer lost", "answer cut", "twice"])

    def bad(route: Route) -> None:
        fate = next(fates, "through")
        if fate == "request lost":
            return route.abort()
        if fate == "through":
            return route.continue_()
        answer = route.fetch()
        if fate == "answer lost":
            return route.abort()
        if fate == "answer cut":
            return route.fulfill(response=answer, body=answer.body()[:60])
        return route.fulfill(response=route.fetch())

    page.route("**/phone/sync/", bad)
    page.context.set_offline(False)
    for _ in range(400):
        page.get_by_role("button", name="现在上报").click()
        page.wait_for_timeout(300)
        if page.locator(".record[data-whole=true]").count() == 4:
            break
    page.unroute("**/phone/sync/")
    assert page.locator(".record[data-whole=true]").count() == 4
    assert next(fates, None) is None
    texts = asked(
        visits,
        "print(sorted(Event.objects.filter(text__startswith='坏网络').values_list('text', flat=True)))",
    )
    assert texts == str([f"坏网络第{number}次" for number in range(4)])


def test_a_roll_call_without_network_arrives_and_says_who_is_away(signed_in: Enter, visits: Site) -> None:
    page = signed_in("walker2", *SMALL)
    open_phone(page)
    page.locator("a[href^='#/roll/']").first.click()
    page.context.set_offline(True)
    page.locator(".pupil").nth(1).click()
    name = page.locator(".named .pupil").inner_text().split(" ")[0]
    page.locator(".pick", has_text="病假").click()
    page.locator(".pick", has_text="上午").click()
    expect(page.locator(".count")).to_contain_text("点到 1 人")
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="登记点名").click()
    expect(page.locator("a[href^='#/roll/']").first).to_contain_text("等待上报")
    page.context.set_offline(False)
    expect(page.locator("a[href^='#/roll/']").first).not_to_contain_text("等待上报")
    said = asked(
        visits,
        "from bureau.attendance.models import Absence; a = Absence.objects.get(of__source='phone', replaced_at=None);"
        "from bureau.registry.models import Student; s = Student.objects.filter(key=a.student_key).last();"
        "print(s.person_name, a.kind, a.part)",
    )
    assert said == f"{name} sick am"


def test_signing_out_wipes_the_children_and_keeps_what_was_not_sent(signed_in: Enter, visits: Site) -> None:
    page = signed_in("walker", *SMALL)
    open_phone(page)
    name = first_name(page, 2)
    page.context.set_offline(True)
    write_visit(page, name, "退出以前写的")
    page.get_by_role("link", name="更多").click()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="退出并清除本机数据").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("请先登录")
    expect(page.locator("main")).to_contain_text("本机有 1 条未上报的记录")
    page.context.set_offline(False)
    page.goto("/account/logout/")
    page.get_by_role("button", name="退出").first.click()
    # Another account on the same phone sees nothing of it.
    page.goto("/phone/start/")
    page.click('[data-demo-username="walker2"]')
    page.click("#sign-in button[type=submit]")
    page.get_by_label("口令（至少 8 位，有字母和数字）").fill(PASSPHRASE)
    page.get_by_label("再输一次").fill(PASSPHRASE)
    page.get_by_role("button", name="设好了").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("我的走访")
    expect(page.locator("main")).not_to_contain_text(name)
    page.goto("/account/logout/")
    page.get_by_role("button", name="退出").first.click()
    page.goto("/phone/start/")
    page.click('[data-demo-username="walker"]')
    page.click("#sign-in button[type=submit]")
    page.get_by_label("口令（至少 8 位，有字母和数字）").fill(PASSPHRASE)
    page.get_by_label("再输一次").fill(PASSPHRASE)
    page.get_by_role("button", name="设好了").click()
    page.get_by_role("link", name="上报").click()
    expect(page.locator(".record")).to_have_attribute("data-whole", "true")
    assert asked(visits, "print(Event.objects.filter(text='退出以前写的').count())") == "1"


def test_axe_finds_nothing_and_nothing_is_too_wide(signed_in: Enter, visits: Site) -> None:
    page = signed_in("walker", 360, 740)
    open_phone(page)
    found = []
    name = first_name(page, 3)
    case = page.locator("ul.cases a").nth(3).get_attribute("href")
    for address in ("#/", case, f"{case}".replace("case", "fill") + "/visit", "#/sent", "#/more"):
        page.evaluate("(to) => { location.hash = to; }", address)
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
        found += [
            f"{address}: {one['id']} {one['nodes'][0]['target']}"
            for one in Axe().run(page).response["violations"]
        ]
    for address in ("/phone/desk/", "/phone/sheet/", "/phone/cards/", "/phone/devices/"):
        answer = page.goto(address)
        assert answer is not None
        assert answer.ok, address
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
        found += [
            f"{address}: {one['id']} {one['nodes'][0]['target']}"
            for one in Axe().run(page).response["violations"]
        ]
    assert found == []
    code = page.goto("/phone/cards/") and page.locator(".code").first.inner_text().replace(" ", "")
    page.goto(f"/phone/c/{code}/")
    expect(page.locator("h1")).to_be_visible()
    assert name
