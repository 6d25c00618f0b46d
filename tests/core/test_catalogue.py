"""The English catalogue: no text without its English, and what is filled into a text has its place in both."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "src/bureau/locale/en/LC_MESSAGES/django.po"
PLACE = re.compile(r"%\(\w+\)[-+ #0\d.]*[a-z]|%%|%[a-z]|\{\w*\}")
FULL_WIDTH = re.compile("[，。；：、？！（）《》／％—　]")
# Chinese marks that the English is about stand in quotation marks; 《》 belongs to the title of a document.
ABOUT = re.compile("“[^”]*”|《[^》]*》")


def texts():
    """(Chinese, English) of every text; a plural has several forms of each."""
    with CATALOGUE.open("rb") as handle:
        for message in read_po(handle, locale="en"):
            if message.id:
                ids, strings = (
                    (one,) if isinstance(one, str) else one for one in (message.id, message.string)
                )
                for place, string in enumerate(strings):
                    yield ids[min(place, len(ids) - 1)], string


def test_every_text_has_its_english():
    command = [sys.executable, str(ROOT / "scripts/messages.py"), "check"]
    found = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert found.returncode == 0, found.stdout + found.stderr


def test_placeholders_agree():
    assert not [
        (chinese, english)
        for chinese, english in texts()
        if english and sorted(PLACE.findall(chinese)) != sorted(PLACE.findall(english))
    ]


def test_english_reads_as_english():
    """Half-width punctuation and single blanks, but for the indents of an example."""
    assert not [
        english
        for _, english in texts()
        if FULL_WIDTH.search(ABOUT.sub("", english)) or ("  " in english and "\n" not in english)
    ]


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("差异系数", "Difference coefficient"),
        ("达标", "Met"),
        ("未达标", "Not met"),
        ("未报", "Not reported"),
        ("学校标识码", "School code"),
        ("举办者", "Organizer"),
        ("城乡类型", "Locale"),
        ("督学", "Inspector"),
        ("校舍与设备", "Premises"),
        ("特殊情形认定", "Reliefs"),
    ],
)
def test_official_terms_follow_the_glossary(chinese, english):
    assert dict(texts())[chinese] == english
