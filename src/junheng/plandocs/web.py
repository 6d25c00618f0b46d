"""网页读入: the readable text of a saved page; scripts, styles, forms and hidden parts are dropped, nothing is fetched."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_SILENT = {"script", "style", "noscript", "template", "iframe", "object", "svg", "head", "select", "textarea"}
_BLOCKS = {
    *("p", "div", "li", "tr", "table", "ul", "ol", "section", "article", "header", "footer", "blockquote"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "pre", "center", "hr", "form", "main", "nav"),
}


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
        elif tag in _BLOCKS or tag == "br":
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br" or tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT and tag in self._silent:
            # An unclosed inner tag must not swallow the rest of the page.
            while self._silent.pop() != tag:
                pass
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(re.sub(r"[ \t\r\n]+", " ", data))


def text_of_html(page: str) -> str:
    """网页正文: block elements end a line, table cells are parted by a blank, runs of empty lines shrink to one."""
    reader = _Text()
    reader.feed(page)
    reader.close()
    lines = (line.strip(" ") for line in "".join(reader.parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"
