"""Sentences of the source: what rules, checks and actions say in Chinese, read from the code with `ast`.

A literal is itself. An f-string becomes a pattern: “第{row}行没有{heading}” → “第{1}行没有{2}”; places that touch each other are
one place, because nobody could tell them apart when reading back.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

HAN = re.compile("[\u3400-\u9fff]")
# Vocabulary by which documents are understood, regular expressions and what only a terminal or a file shows.
NOT_SHOWN = (
    "junheng/cli/", "junheng/tables/", "junheng/aid/stages.py", "junheng/engines/", "bureau/registry/names.py",
    "bureau/settings.py", "bureau/work/management/", "bureau/work/archive.py", "bureau/work/dump.py",
    # What bulletins and letters say: documents, which stay Chinese.
    "bureau/bulletins/drafting.py", "bureau/bulletins/drafting_problems.py", "bureau/bulletins/letters.py",
)  # fmt: skip
# Modules whose constants are words by which files are understood, and what is written into files: their functions speak.
VOCABULARY = ("junheng/intake/", "junheng/matching/")
# Here even functions are full of such words: only whole sentences are shown to people.
DOCUMENTS = ("junheng/plandocs/", "junheng/documents/", "junheng/aid/reading.py")
SENTENCE = re.compile("[，；。？]")
# Names of offices are proper names, also where code puts them together.
OFFICE = re.compile(r"(\{1\})?教育(和?体育|科技)?局|\{1\}人民政府|\{1\}覆盖率")
MARKED = {"_", "N", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "pgettext"}
EXPRESSION = re.compile(r"\\|\(\?|\[\^|\.[*+]|\]\+|\)\?|^\^|\$$|\[.-.\]|\w\|\w|。\||SELECT ")


def sentences(folder: Path) -> dict[str, str]:
    """{Chinese: the file that says it first} of every Python file under `folder` that reaches a page."""
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*.py")):
        place = str(path.relative_to(folder))
        if "migrations" in path.parts or place.startswith(NOT_SHOWN):
            continue
        tree: ast.AST = ast.parse(path.read_text(encoding="utf-8"))
        if place.startswith(VOCABULARY):
            functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
            tree = ast.Module(body=list[ast.stmt](functions), type_ignores=[])
        for text in said(tree):
            own = len(HAN.findall(text))
            if place.startswith(DOCUMENTS) and (own < 4 or not SENTENCE.search(text)):
                continue
            if place.startswith("junheng/documents/") and "请" not in text:
                continue  # the words of letters and forms, which stay Chinese
            if len(set(text)) == len(text) and (own > 20 or text.startswith(("零", "一二三"))):
                continue  # a table of characters
            if OFFICE.fullmatch(text):
                continue
            if (own > 1 or "{1}" in text) and not text.endswith((".xlsx", ".zip", ".docx", ".pdf", ".txt")):
                found.setdefault(text, place)
    return found


def said(tree: ast.AST) -> Iterator[str]:
    """The Chinese literals and patterns of one module, without docstrings, what gettext has, and long lists of words."""
    skip: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skip.add(id(node.value))
        elif isinstance(node, ast.Call) and _name(node.func) in MARKED:
            skip.update(id(argument) for argument in node.args)
        elif isinstance(node, ast.JoinedStr):
            skip.update(id(part) for part in node.values)
        if id(node) in skip:
            continue
        if isinstance(node, ast.JoinedStr):
            text = pattern(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if HAN.search(text) and not EXPRESSION.search(text):
            yield text


def pattern(node: ast.JoinedStr) -> str:
    """An f-string with numbered places."""
    parts: list[str] = []
    for value in node.values:
        if isinstance(value, ast.Constant):
            parts.append(str(value.value))
        elif not parts or parts[-1]:
            parts.append("")
    places = 0
    made = ""
    for part in parts:
        if not part:
            places += 1
        made += part or f"{{{places}}}"
    return made


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
