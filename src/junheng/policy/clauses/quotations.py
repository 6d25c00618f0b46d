"""引文核对: whether the words that clauses quote stand in the document, as text, that they cite."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from junheng.policy.clauses.book import Book
from junheng.policy.clauses.model import Cite


def misquoted(book: Book, folders: tuple[Path, ...]) -> tuple[list[str], list[str]]:
    """(sentences on words that are not in their document, sentences on documents whose text is in none of the folders).

    A pack names the text of a document by `text`: a file of that name, with or without `.txt`.
    """
    problems: list[str] = []
    absent: dict[str, str] = {}
    ready: dict[str, str | None] = {}
    for place, cite in _cites(book):
        name = book.texts.get(cite.document)
        if not name or not cite.quote:
            continue
        if name not in ready:
            ready[name] = _text(name, folders)
        whole, title = ready[name], book.documents[cite.document].name
        if whole is None:
            absent[name] = (
                f"没有找到{title}的全文“{name}.txt”，引文没有核对；请用 --texts 写明全文所在的文件夹"
            )
        elif plain(cite.quote) not in whole:
            problems.append(f"{place}：引文“{cite.quote}”不在{title}的正文中，请照原文填写")
    return list(dict.fromkeys(problems)), list(absent.values())


def plain(text: str) -> str:
    """Words without what differs between two copies: spaces, width and quotation marks."""
    flat = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s\u200b\ufeff]", "", flat).translate(_QUOTES)


_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "—": "-", "–": "-", "〔": "[", "〕": "]"})


def _cites(book: Book) -> Iterator[tuple[str, Cite]]:
    """Everything that cites, with the words that name it."""
    for clause in book.clauses:
        for rate in clause.rates:
            yield f"条款“{clause.id} {clause.name}”", rate.cite
    for area_fact in book.area_facts:
        yield f"地区事实“{area_fact.fact}”", area_fact.cite
    for pack in book.packs:
        for target, cite in pack.restatements:
            yield f"条款包“{pack.id}”对“{target}”的重申", cite


def _text(name: str, folders: tuple[Path, ...]) -> str | None:
    for folder in folders:
        for path in (folder / name, folder / f"{name}.txt"):
            if path.is_file():
                return plain(path.read_bytes().decode("utf-8", "replace"))
    return None
