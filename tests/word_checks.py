"""Word 文件查验: what a word processor would stumble over in a file, or an official reader object to; one sentence for each flaw."""

import re
from collections import Counter
from io import BytesIO
from posixpath import dirname, join, normpath
from zipfile import ZipFile

import docx
from docx.oxml.ns import qn
from lxml import etree  # type: ignore[import-untyped]

HAN = re.compile("[\u3400-\u9fff]")
# Marks of a template that nobody filled, and what Python writes for nothing.
LEFT_OVER = re.compile(r"\{[^}]*\}|\{\{|\}\}|%\(\w+\)|\bNone\b|\bnan\b")
# As GB/T 9704 and the common practice of offices have them.
FONTS = frozenset(("方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"))
A4 = (210, 297)
RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def flaws_of(content: bytes, *, marks: bool = True) -> list[str]:
    """Everything wrong with the file; [] when nothing is. `marks`: whether a left-over mark is a flaw."""
    with ZipFile(BytesIO(content)) as archive:
        names = archive.namelist()
        parts = {name: archive.read(name) for name in names}
    found = [f"{name} stands twice in the file" for name, n in Counter(names).items() if n > 1]
    trees = {}
    for name, data in parts.items():
        if name.endswith((".xml", ".rels")):
            try:
                trees[name] = etree.fromstring(data, etree.XMLParser(resolve_entities=False))
            except etree.XMLSyntaxError as error:
                found.append(f"{name}: {error}")
    found += [*_types(parts, trees), *_targets(parts, trees)]
    # What does not hold together need not be opened to say so.
    return found or _document(content, marks=marks)


def _types(parts: dict[str, bytes], trees: dict[str, etree._Element]) -> list[str]:
    types = trees["[Content_Types].xml"]
    endings = {str(one.get("Extension")).lower() for one in types if one.tag.endswith("Default")}
    named = {str(one.get("PartName")).lstrip("/") for one in types if one.tag.endswith("Override")}
    known = {name for name in parts if name in named or name.rpartition(".")[2].lower() in endings} | {
        "[Content_Types].xml"
    }
    return [f"{name} has no content type" for name in sorted(set(parts) - known)] + [
        f"a content type for {name}, which is not there" for name in sorted(named - set(parts))
    ]


def _targets(parts: dict[str, bytes], trees: dict[str, etree._Element]) -> list[str]:
    found = []
    for name, tree in trees.items():
        if not name.endswith(".rels"):
            continue
        owner = normpath(join(dirname(name), "..", name.rpartition("/")[2].removesuffix(".rels")))
        ids = set()
        for relation in tree.iter(RELATIONS):
            ids.add(relation.get("Id"))
            if relation.get("TargetMode") == "External":
                found.append(f"{name} points outside: {relation.get('Target')}")
                continue
            target = str(relation.get("Target"))
            place = target.lstrip("/") if target.startswith("/") else normpath(join(dirname(owner), target))
            if place not in parts:
                found.append(f"{name}: {place} is not there")
        if owner in trees:
            asked = {
                value
                for one in trees[owner].iter()
                for key, value in one.attrib.items()
                if str(key).startswith(ID)
            }
            found += [f"{owner} asks for {one}, which nothing stands for" for one in sorted(asked - ids)]
    return found


def _document(content: bytes, *, marks: bool) -> list[str]:
    opened = docx.Document(BytesIO(content))
    found = []
    for number, section in enumerate(opened.sections, 1):
        size = sorted(round(side.mm) for side in (section.page_width, section.page_height) if side)
        if size != list(A4):
            found.append(f"section {number} is {size} mm and not A4")
    stories = [opened.element.body]
    for section in opened.sections:
        stories += [
            part._element for part in (section.header, section.footer, section.even_page_header, section.even_page_footer)
        ]  # fmt: skip
    styles = {style.style_id: style.element for style in opened.styles}
    base = opened.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:rFonts')}")
    usual = base.get(qn("w:eastAsia")) if base is not None else None
    for story in stories:
        text = "".join(story.itertext())
        if marks and (left := LEFT_OVER.search(text)):
            found.append(f"a mark is left: {left[0]}")
        for tag in ("pStyle", "rStyle", "tblStyle"):
            used = {one.get(qn("w:val")) for one in story.iter(qn(f"w:{tag}"))}
            found += [f"style {one} is not defined" for one in sorted(used - set(styles))]
        for run in story.iter(qn("w:r")):
            words = "".join(one.text or "" for one in run.iter(qn("w:t")))
            font = _font(run, styles) or usual
            if HAN.search(words) and font not in FONTS:
                found.append(f"“{words[:12]}” is set in {font}")
    numbers = [one.get("id") for one in opened.element.body.iter(qn("wp:docPr"))]
    found += [f"picture {one} is numbered twice" for one, n in Counter(numbers).items() if n > 1]
    return found


def _font(run: etree._Element, styles: dict[str, etree._Element]) -> str | None:
    """The font of its Chinese characters: its own, else of its style and those that is based on."""
    own = run.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
    if own is not None and own.get(qn("w:eastAsia")):
        return str(own.get(qn("w:eastAsia")))
    paragraph = next(run.iterancestors(qn("w:p")), None)
    named = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}") if paragraph is not None else None
    at = named.get(qn("w:val")) if named is not None else "Normal"
    while at in styles:
        fonts = styles[at].find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
        if fonts is not None and fonts.get(qn("w:eastAsia")):
            return str(fonts.get(qn("w:eastAsia")))
        based = styles[at].find(qn("w:basedOn"))
        at = based.get(qn("w:val")) if based is not None else None
    return None
