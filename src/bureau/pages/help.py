"""帮助和算法说明: pages of docs/help as the site serves them, and every worked example as drawn tables."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from bureau.pages.access import SignedIn, not_found, page
from bureau.pages.context import show
from junheng.measures.worked import Example, examples, golden
from junheng.measures.worked_plans import plan_examples

FOLDER = Path(settings.ROOT).parent.parent / "docs" / "help"


@dataclass(frozen=True, slots=True)
class HelpPage:
    """一页帮助: `name` is its address, `lead` the first paragraph."""

    name: str
    title: str
    lead: str
    html: SafeString


def help_pages() -> dict[str, HelpPage]:
    """All pages in the order of their file names (01-first-use.md → first-use), in the language of the page."""
    return _pages(get_language() or settings.LANGUAGE_CODE)


@cache
def _pages(language: str) -> dict[str, HelpPage]:
    """The pages of docs/help; where docs/help/<language> has one of the same file name, that one."""
    # Raw HTML stays off: what stands in a help page is text, whoever wrote it.
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    found = {}
    for path in sorted(FOLDER.glob("*.md")):
        own = FOLDER / language / path.name
        text = (own if own.is_file() else path).read_text(encoding="utf-8")
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        title = lines[0].removeprefix("# ") if lines else path.stem
        lead = next((line for line in lines[1:] if not line.startswith(("#", "-", "|", "1."))), "")
        name = path.stem.partition("-")[2] or path.stem
        html = mark_safe(markdown.render(text))  # noqa: S308
        found[name] = HelpPage(name, title, lead, html)
    return found


@page()
def listing(request: SignedIn) -> HttpResponse:
    """All help pages; a search in titles and texts."""
    text = request.GET.get("q", "").strip()
    pages = [one for one in help_pages().values() if not text or text in one.title or text in one.html]
    return show(request, "help_list.html", title=_("帮助"), pages=pages, text=text)


@page()
def show_page(request: SignedIn, name: str) -> HttpResponse:
    """One help page, with the one before and the one after."""
    pages = help_pages()
    if name not in pages:
        raise not_found(_("没有这一页帮助。"))
    names = list(pages)
    place = names.index(name)
    return show(
        request,
        "help.html",
        title=pages[name].title,
        crumbs=[(_("帮助"), reverse("help"))],
        help=pages[name],
        previous=pages[names[place - 1]] if place else None,
        following=pages[names[place + 1]] if place + 1 < len(names) else None,
    )


@page()
def methods(request: SignedIn) -> HttpResponse:
    """算法说明: the examples that the tests execute, chapter by chapter."""
    chapters: dict[str, list[Example]] = {}
    drawn = (*examples(), *plan_examples())
    for one in drawn:
        chapters.setdefault(one.chapter, []).append(one)
    published = golden()
    composite = published.get("composite_2012", {})
    return show(
        request,
        "methods.html",
        title=_("算法说明"),
        chapters=list(chapters.items()),
        count=len(drawn),
        composite=composite,
        composite_rows=[(row["unit"], row["cv"], row["published"]) for row in composite.get("rows", [])],
    )
