"""网页读入: the readable text of a saved page; scripts, hidden parts and navigation stay out, nothing is fetched."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from junheng.plandocs.refusal import UnreadableDocument
from junheng.plandocs.source import Document, Removed
from junheng.plandocs.vocabulary import words

_SILENT = frozenset(
    words(
        "script style noscript template iframe object svg head select textarea button canvas video audio map"
    )
)
_BLOCKS = frozenset(
    words(
        "p div li tr table ul ol section article header footer blockquote h1 h2 h3 h4 h5 h6 dt dd dl pre center form main nav "
        "aside tbody thead tfoot fieldset figure figcaption body html td th caption address"
    )
)
_ASIDE = frozenset(("nav", "footer", "aside"))
_NAMED = re.compile(
    r"(?:^|[-_\s])(?:nav|navbar|menu|breadcrumb|crumbs?|footer|foot|sidebar|share|sharing|copyright|toolbar|pager|pagination|friendlinks?)(?:$|[-_\s])",
    re.I,
)
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
# A list of links is navigation when this much of it is links.
LINKED = 0.6
FEWEST_LINKS = 4
LONGEST_CELL = 400
# Hostile pages nest without end; below this depth a block is read as running text.
DEEPEST = 400


@dataclass
class _Block:
    tag: str
    dropped: str = ""
    lines: list[str] = field(default_factory=list)
    run: list[str] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)
    linked: int = 0
    links: int = 0

    def flush(self) -> None:
        line = "".join(self.run).strip(" ")
        self.run = []
        if line:
            self.lines.append(line)

    @property
    def size(self) -> int:
        return sum(map(len, self.lines))


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [_Block("")]
        self.removed: list[str] = []
        self._silent: list[str] = []
        self._in_link = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
        elif self._silent:
            return
        elif tag == "br" or tag == "hr":
            self.open[-1].flush()
        elif tag in _BLOCKS:
            if tag in ("p", "li", "td", "th", "tr"):
                self._close_sibling(tag)
            if len(self.open) < DEEPEST:
                self.open[-1].flush()
                self.open.append(_Block(tag, self._why_dropped(tag, dict(attrs))))
        elif tag == "a":
            self._in_link += 1
            self.open[-1].links += 1

    def _close_sibling(self, tag: str) -> None:
        """Pages leave out </p>, </li>, </td> and </tr>; the next one of its kind closes the last."""
        inside = {
            "td": ("tr", "table"),
            "th": ("tr", "table"),
            "tr": ("table",),
            "li": ("ul", "ol"),
            "p": ("div", "td", "body"),
        }
        for place in range(len(self.open) - 1, 0, -1):
            if self.open[place].tag in inside[tag]:
                return
            if self.open[place].tag == tag or (tag in ("td", "th") and self.open[place].tag in ("td", "th")):
                self._close_to(place)
                return

    @staticmethod
    def _why_dropped(tag: str, given: dict[str, str | None]) -> str:
        if "hidden" in given or _UNSEEN.search(given.get("style") or ""):
            return "隐藏"
        named = f"{given.get('class') or ''} {given.get('id') or ''} {given.get('role') or ''}"
        return "导航" if tag in _ASIDE or _NAMED.search(named) else ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("br", "hr") or tag in _BLOCKS:
            self.open[-1].flush()

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            if tag in self._silent:
                # An unclosed inner tag must not swallow the rest of the page.
                while self._silent.pop() != tag:
                    pass
        elif tag == "a":
            self._in_link = max(0, self._in_link - 1)
        elif tag in _BLOCKS:
            for place in range(len(self.open) - 1, 0, -1):
                if self.open[place].tag == tag:
                    self._close_to(place)
                    break

    def handle_data(self, data: str) -> None:
        if not self._silent:
            text = re.sub(r"[ \t\r\n\xa0]+", " ", data)
            self.open[-1].run.append(text)
            if self._in_link:
                self.open[-1].linked += len(text.strip())

    def finish(self) -> list[str]:
        """All lines, with every block that was left open closed."""
        self._close_to(1)
        self.open[0].flush()
        return self.open[0].lines

    def _close_to(self, place: int) -> None:
        while len(self.open) > place:
            self._close(self.open.pop(), self.open[-1])

    def _close(self, block: _Block, outer: _Block) -> None:
        block.flush()
        if block.tag == "tr" and block.cells:
            block.lines.extend(_row(block.cells))
        size = block.size
        listed = block.links >= FEWEST_LINKS and block.linked > LINKED * size
        # A whole page can carry the class of its menu; only a small or linked part of it is dropped.
        if block.dropped == "隐藏" or listed or (block.dropped and (size < 600 or block.linked * 3 > size)):
            if size:
                self.removed.append("　".join(block.lines)[:200])
            return
        outer.links += block.links
        outer.linked += block.linked
        if block.tag in ("td", "th") and outer.tag == "tr":
            outer.cells.append(block.lines)
        elif len(outer.lines) < len(block.lines):
            outer.lines = [*outer.lines, *block.lines]
        else:
            outer.lines.extend(block.lines)


def _row(cells: list[list[str]]) -> list[str]:
    """Cells parted by tabs; a page laid out in tables gives its lines instead."""
    if len(cells) < 2 or max(sum(map(len, cell)) for cell in cells) > LONGEST_CELL:
        return [line for cell in cells for line in cell]
    return ["\t".join(" ".join(cell).replace("\t", " ") for cell in cells)]


def text_of_html(page: str) -> tuple[str, list[str]]:
    """网页正文: block elements end a line, cells of a row are parted by tabs; and what was dropped as navigation."""
    reader = _Page()
    reader.feed(page)
    reader.close()
    lines = [line.strip(" ") for line in reader.finish()]
    return "\n".join(line for line in lines if line) + "\n", reader.removed


def declared_charset(data: bytes) -> str | None:
    """网页编码: as the page declares it; the Chinese ones by their widest member."""
    found = re.search(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})", data[:8192])
    if not found:
        return None
    name = found[1].decode("ascii").lower()
    return {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs"}.get(name, name)


def html_document(page: str, name: str, notes: tuple[str, ...] = ()) -> Document:
    """网页文本: with what was dropped listed for the reader to see."""
    text, dropped = text_of_html(page)
    removed = tuple(Removed(0, line, "网页导航") for line in dropped)
    if removed:
        notes = (*notes, f"网页的导航、页脚等 {len(removed)} 处没有计入正文，可在“略去的文字”中查看。")
    return Document(name, text, "html", removed, notes)


def page_of_mhtml(data: bytes, name: str) -> bytes:
    """单一文件网页: the first HTML part of a saved .mht; nothing else of it is opened."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.compat32)
        for part in message.walk():
            if part.get_content_type() == "text/html":
                payload = part.get_payload(decode=True)
                if isinstance(payload, bytes):
                    charset = part.get_content_charset()
                    return (
                        payload if declared_charset(payload) or not charset else _declared(payload, charset)
                    )
    except (RecursionError, LookupError, ValueError):
        pass
    raise UnreadableDocument(
        f"“{name}”是单一文件网页，但里面没有可读的正文，请在浏览器中另存为 .html 后上传。"
    )


def _declared(payload: bytes, charset: str) -> bytes:
    return f'<meta charset="{charset}">'.encode("ascii", "replace") + payload
