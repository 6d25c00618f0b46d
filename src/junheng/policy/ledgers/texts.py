"""随包台账: the texts of the packs that come with the program, and by what a text is known."""

import hashlib
from functools import cache
from importlib.resources import files


def shipped() -> dict[str, str]:
    """{code: text} of the packs that come with the program."""
    return dict(_shipped())


@cache
def _shipped() -> tuple[tuple[str, str], ...]:
    folder = files("junheng.policy").joinpath("packs_ledgers")
    texts = {
        item.name.removesuffix(".yaml"): item.read_text(encoding="utf-8")
        for item in folder.iterdir()
        if item.name.endswith(".yaml")
    }
    return tuple(sorted(texts.items()))


def version_of(text: str) -> str:
    """版本: the same text always has the same one; 12 characters."""
    return hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()[:12]
