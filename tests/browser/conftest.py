"""A served small county and a Chromium in front of it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A machine that stands still for half a minute must not fail a journey: what is checked is what happens, not when.
PATIENCE = 120_000
expect.set_options(timeout=PATIENCE)


@dataclass(frozen=True)
class Site:
    """Where the site answers, and its folder with the exercise workbooks."""

    url: str
    data: Path


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed")
    data = tmp_path_factory.mktemp("site")
    environment = os.environ | {"DATA": str(data), "DEMO": "1", "DATABASE_URL": "", "JUNHENG_TESTING": ""}
    here = Path(__file__).resolve().parent
    subprocess.run([sys.executable, str(here / "small_site.py")], env=environment, check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    server = [sys.executable, "-m", "granian", "--interface", "wsgi", "bureau.wsgi:application"]
    server += ["--host", "127.0.0.1", "--port", port, "--workers", "1", "--no-ws", "--log-level", "warning"]
    processes = [
        subprocess.Popen(command, env=environment)
        for command in (server, [sys.executable, "-m", "bureau.manage", "worker"])
    ]
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", int(port))) == 0:
                    break
            time.sleep(0.1)
        # The first answer loads everything; a journey's own patience is for the pages.
        with urlopen(f"http://127.0.0.1:{port}/account/login/", timeout=120) as answer:
            assert answer.status == 200
        yield Site(f"http://127.0.0.1:{port}", data)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=120)


@pytest.fixture(scope="session")
def chromium(site: Site) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def signed_in(chromium: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Open a browser of one's own and sign in with a demo account's button; errors in the console fail the test."""
    contexts = []
    said: list[str] = []

    def enter(username: str, width: int = 1366, height: int = 768) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", base_url=site.url
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on(
            "console",
            lambda line: (
                said.append(line.text) if line.type == "error" and "status of 4" not in line.text else None
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
