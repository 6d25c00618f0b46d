"""打开 Word 模板: the parts of a county's own .docx, looked at before anything is done with it; what could act is refused, links are taken out."""

import re
from dataclasses import dataclass, field
from io import BytesIO
from posixpath import basename, dirname
from typing import Any
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

from docx.opc.oxml import serialize_part_xml
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from junheng.intake import Problem

MOST_BYTES = 20 << 20
MOST_UNPACKED = 100 << 20
MOST_PARTS = 2_000
_MAIN = "word/document.xml"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_OPC = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_HARMLESS = ("/hyperlink", "/attachedTemplate")  # outside targets that can simply be left out
_ACTIVE = {
    "vbaproject": "宏",
    "vbadata": "宏",
    "activex": "ActiveX 控件",
    "embeddings/": "嵌入的对象",
    "oleobject": "嵌入的对象",
    "afchunk": "嵌入的其他文档",
}
_FIELD = re.compile(
    r"\b(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|LINK|MACROBUTTON|DATABASE|RD|HYPERLINK(?!\s+\\l))\b",
    re.IGNORECASE,
)


class TemplateRefused(ValueError):
    """模板不能用: `problems` names everything that is wrong; the text is all the sentences."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(problem.sentence() for problem in problems))
        self.problems = problems


@dataclass(slots=True)
class Package:
    """打开的模板: all parts by name; those that hold text as trees."""

    parts: dict[str, bytes]
    stories: dict[str, Any] = field(default_factory=dict)

    def saved(self) -> dict[str, bytes]:
        """All parts as bytes again."""
        return self.parts | {name: serialize_part_xml(tree) for name, tree in self.stories.items()}


def problem(name: str, code: str, message: str, found: str = "", where: str = "") -> Problem:
    """A problem of the template; `where` is a place such as 正文第3段."""
    return Problem(
        "", 0, "", found[:200], f"{where}：{message}" if where else message, "error", code, name, where
    )


def opened(data: bytes, name: str = "模板.docx") -> Package:
    """打开: the parts of the file, outside links left out. TemplateRefused with every reason at once."""
    parts = _unpacked(data, name)
    found: list[Problem] = []
    for part in parts:
        lowered = part.lower()
        for sign, words in _ACTIVE.items():
            if sign in lowered:
                found.append(
                    problem(
                        name,
                        "active",
                        f"模板里有{words}，不能使用；请删去后另存为普通 .docx 再上传",
                        basename(part),
                    )
                )
    if b"macroenabled" in parts.get("[Content_Types].xml", b"").lower():
        found.append(problem(name, "active", "这是带宏的模板，不能使用；请另存为普通 .docx（不带宏）再上传"))
    broken = [
        problem(
            name,
            "bad_xml",
            f"文件的内部结构不正常（{why}），没有打开；请用 Word 或 WPS 打开后另存为 .docx 再上传",
            basename(part),
        )
        for part, content in parts.items()
        if part.endswith((".xml", ".rels")) and (why := _unsafe(content))
    ]
    if broken:
        raise TemplateRefused(_once([*found, *broken]))
    package = Package(parts)
    for part in list(parts):
        if part.endswith(".rels"):
            found += _links(package, part, name)
    for part in parts:
        if is_story(part):
            found += _fields(_tree(package, part), name)
    if found:
        raise TemplateRefused(_once(found))
    return package


def is_story(part: str) -> bool:
    """Whether a part holds text that a reader sees."""
    return bool(re.fullmatch(r"word/(document|footnotes|endnotes|header\d*|footer\d*)\.xml", part))


def _unpacked(data: bytes, name: str) -> dict[str, bytes]:
    def refuse(code: str, message: str) -> TemplateRefused:
        return TemplateRefused((problem(name, code, message),))

    if not data:
        raise refuse("empty", "文件是空的，请确认选对了文件")
    if len(data) > MOST_BYTES:
        raise refuse("too_large", f"模板超过 {MOST_BYTES >> 20} MB，请删去大图片后再上传")
    if data[:8] == _OLE:
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise refuse("password", "模板设了打开密码，请去掉密码后再上传")
        raise refuse("old_word", "这是旧格式的 .doc 文件，请用 Word 或 WPS 打开后另存为 .docx 再上传")
    try:
        with ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
            if _MAIN not in names:
                raise refuse(
                    "not_word", "这不是 Word 文档（.docx），请用 Word 或 WPS 打开后另存为 .docx 再上传"
                )
            odd = len(set(names)) < len(names) or len(names) > MOST_PARTS
            if odd or any(".." in part.split("/") or part.startswith("/") or "\\" in part for part in names):
                raise refuse(
                    "zip_bomb", "文件的内部结构不正常，没有打开；请用 Word 或 WPS 打开后另存为 .docx 再上传"
                )
            parts, left = {}, MOST_UNPACKED
            for entry in entries:
                if entry.flag_bits & 1:
                    raise refuse("password", "模板设了打开密码，请去掉密码后再上传")
                # The header may lie about the size, so no more than what is left is ever unpacked.
                with archive.open(entry) as stream:
                    content = stream.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise refuse("zip_bomb", "模板解压后异常大，没有打开；请把正文复制到新文档后再上传")
                parts[entry.filename] = content
    except (BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ZlibError) as error:
        raise refuse("corrupt", "文件已损坏，打不开；请用 Word 或 WPS 打开后另存为 .docx 再上传") from error
    return parts


def _unsafe(content: bytes) -> str:
    """Why an XML part is not read: own entities, or broken; "" when it may be."""

    class _Doctype(Exception):
        pass

    def refuse(*_: object) -> None:
        raise _Doctype

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
        parse_xml(content)
    except _Doctype:
        return "含有自定义实体"
    except (expat.ExpatError, SyntaxError, ValueError):  # the second reader minds depth and size, too
        return "不是完好的 XML"
    return ""


def _tree(package: Package, part: str) -> Any:
    if part not in package.stories:
        package.stories[part] = parse_xml(package.parts[part])
    return package.stories[part]


def _links(package: Package, part: str, name: str) -> list[Problem]:
    """Takes out hyperlinks and the path of the template's own template; anything else from outside is a problem."""
    tree = parse_xml(package.parts[part])
    found, gone = [], set()
    for link in list(tree.iter(_OPC)):
        if link.get("TargetMode", "").lower() != "external":
            continue
        if link.get("Type", "").endswith(_HARMLESS):
            gone.add(link.get("Id"))
            tree.remove(link)
        else:
            message = (
                "模板引用了外部文件（图片或对象），打开时会去别处取内容；请把它们插入到文档里，或删去后再上传"
            )
            found.append(problem(name, "external", message, link.get("Target", "")))
    if gone:
        package.parts[part] = serialize_part_xml(tree)
        owner = f"{dirname(dirname(part))}/{basename(part).removesuffix('.rels')}".lstrip("/")
        if owner in package.parts:
            _unlink(_tree(package, owner), gone)
    return found


def _unlink(tree: Any, gone: set[str]) -> None:
    """Hyperlinks become their words; whatever else named a link that is gone goes, too."""
    for node in list(tree.iter()):
        if not isinstance(node.tag, str) or node.get(qn("r:id")) not in gone:
            continue
        if node.tag == qn("w:hyperlink"):
            for child in list(node):
                node.addprevious(child)
            node.getparent().remove(node)
        elif node.tag in (qn("w:attachedTemplate"), f"{_DRAWING}hlinkClick", f"{_DRAWING}hlinkHover"):
            node.getparent().remove(node)
        else:
            del node.attrib[qn("r:id")]


def _fields(tree: Any, name: str) -> list[Problem]:
    """Field codes that fetch or run something."""
    codes = "".join(node.text or "" for node in tree.iter(qn("w:instrText")))
    codes += " ".join(node.get(qn("w:instr"), "") for node in tree.iter(qn("w:fldSimple")))
    found = list(dict.fromkeys(match[1].upper() for match in _FIELD.finditer(codes)))
    answer = [
        problem(
            name,
            "field_code",
            f"模板里有会自动取外部内容或运行的域（{code}），不能使用；请在 Word 中选中它按 Ctrl+Shift+F9 变为文字后再上传",
            code,
        )
        for code in found
    ]
    if next(tree.iter(qn("w:altChunk"), qn("w:subDoc")), None) is not None:
        answer.append(
            problem(name, "active", "模板里嵌入了其他文档，不能使用；请把内容直接粘贴到模板里再上传")
        )
    return answer


def _once(found: list[Problem]) -> tuple[Problem, ...]:
    return tuple({(one.code, one.message): one for one in found}.values())
