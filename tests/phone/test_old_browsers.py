"""The phone's scripts keep to what browsers of 2018 can read: village phones are old, and nothing translates the code for them."""

import re
from pathlib import Path

import pytest

import bureau.phone

SCRIPTS = sorted((Path(bureau.phone.__file__).parent / "static" / "phone").glob("*.js"))
# What came later than ES2019 or than Chrome 69, and what to look for.
TOO_NEW = {
    "optional chaining": r"\?\.(?!\d)", "nullish": r"\?\?", "logical assignment": r"(\|\||&&)=", "numeric separator": r"\b\d+_\d",
    "at": r"\.at\(", "replaceChildren": r"replaceChildren", "randomUUID": r"randomUUID", "timeout": r"AbortSignal\.", "groupBy": r"groupBy",
    "replaceAll": r"\.replaceAll\(", "any": r"Promise\.(any|allSettled)", "fromEntries": r"Object\.fromEntries", "top-level await": r"(?m)^await ",
    "private field": r"this\.#", "clone": r"structuredClone", "has own": r"Object\.hasOwn",
}  # fmt: skip


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_of_the_phone_can_be_read_by_an_old_browser(script: Path) -> None:
    code = re.sub(r"(?m)^\s*//.*$|/\*.*?\*/", "", script.read_text(encoding="utf-8"))
    assert [name for name, pattern in TOO_NEW.items() if re.search(pattern, code)] == []


def test_the_scripts_are_there() -> None:
    assert len(SCRIPTS) > 10
