"""英文页面: every Chinese text of a finished page read in English; what stays Chinese is marked lang="zh".

One place for all pages, so that no template can forget it: texts between tags, attributes that people read, and the
words inside chart options. What is marked lang="zh" already (quotations, the language switch), scripts, styles and what
somebody typed into a field are left alone.
"""

import json
import re
from collections.abc import Callable
from html import escape, unescape

from bureau.pages.sentence_parts import HAN

Read = Callable[[str], str]

_CHINESE = "[\u3400-\u9fff]"
# Elements whose content is not for reading here, or is somebody's own words.
_LEFT = re.compile(r"<(script|style|textarea)\b[^>]*>.*?</\1>", re.S)
_QUOTED = re.compile(r"<([a-z][a-z0-9]*)\b[^>]*>")
_TEXT = re.compile(rf"(<option\b[^>]*|<title|)>([^<]*{_CHINESE}[^<]*)(?=<|$)")
_ATTRIBUTE = re.compile(
    rf' (title|aria-label|placeholder|alt|data-label|data-png|data-confirm)="([^"]*{_CHINESE}[^"]*)"'
)
_CHART = re.compile(r'(<script id="([\w-]+)" type="application/json">)(.*?)(</script>)', re.S)
# A Chinese run, with the punctuation and digits inside it.
_RUN = re.compile(f"[《〔“（]?{_CHINESE}(?:[^A-Za-z<>&]*{_CHINESE})?[）〕》”]?")
# Of a chart: the words that are drawn. Names of its own (keys, addresses, verdicts for the colour) stay.
_DRAWN = {"name", "text", "subtext", "title", "label", "data", "lines", "legend", "formatter", "description"}
_SAFE = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def in_english(html: str, read: Read) -> str:
    """The page with its Chinese read by `read`."""
    made: list[str] = []
    at = 0
    charts = set(re.findall(r'data-chart="([\w-]+)"', html))
    for start, end in _kept(html):
        if start < at:
            continue
        made += [_texts(html[at:start], read), _chart(html[start:end], charts, read)]
        at = end
    return "".join((*made, _texts(html[at:], read)))


def _kept(html: str) -> list[tuple[int, int]]:
    """Where the parts begin and end that are left as they are, in order."""
    found = [(one.start(), one.end()) for one in _LEFT.finditer(html)]
    at = html.find(' lang="zh')
    while at >= 0:
        start = html.rfind("<", 0, at)
        one = _QUOTED.match(html, max(start, 0))
        if one and one[1] != "html":
            found.append((start, _end(html, one[1], one.end())))
        at = html.find(' lang="zh', at + 1)
    return sorted(found)


def _end(html: str, tag: str, at: int) -> int:
    """Behind the tag that closes the element opened before `at`."""
    depth = 1
    for one in re.compile(rf"<(/?){tag}\b").finditer(html, at):
        depth += -1 if one[1] else 1
        if not depth:
            return one.end()
    return len(html)


def _texts(part: str, read: Read) -> str:
    if not HAN.search(part):
        return part
    part = _ATTRIBUTE.sub(lambda one: f' {one[1]}="{escape(_read(unescape(one[2]), read))}"', part)
    return _TEXT.sub(lambda one: _text(one, read), part)


def _text(one: re.Match[str], read: Read) -> str:
    opening, raw = one[1], one[2]
    said = _read(unescape(raw), read)
    if opening == "<title" or not HAN.search(said):
        return f"{opening}>{escape(said)}"
    if opening:  # an option holds text only, so the mark stands on itself
        return f'{opening} lang="zh">{escape(said)}'
    return ">" + _RUN.sub(lambda run: f'<span lang="zh">{run[0]}</span>', escape(said, quote=False))


def _read(text: str, read: Read) -> str:
    """What is read keeps the blanks around it: they part it from its neighbours."""
    bare = " ".join(text.split())
    if not HAN.search(bare):
        return text
    said = read(bare)
    before = text[: len(text) - len(text.lstrip())]
    return f"{before}{said}{text[len(text.rstrip()) :]}" if said != bare else text


def _chart(script: str, charts: set[str], read: Read) -> str:
    """The options of a chart with their words read; any other script as it is."""
    found = _CHART.fullmatch(script)
    if found is None or found[2] not in charts or not (HAN.search(found[3]) or "\\u" in found[3]):
        return script
    options = _options(json.loads(found[3]), "", read)
    return found[1] + json.dumps(options).translate(_SAFE) + found[4]


def _options(node: object, key: str, read: Read) -> object:
    if isinstance(node, dict):
        made = {name: _options(value, name, read) for name, value in node.items()}
        if key == "series" and made.get("name") != node.get("name"):
            made["key"] = node["name"]  # by which charts.js knows its colour
        return made
    if isinstance(node, list):
        return [_options(value, key, read) for value in node]
    return read(node) if isinstance(node, str) and key in _DRAWN else node
