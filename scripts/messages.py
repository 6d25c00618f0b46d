"""The English catalogue: message ids are the Chinese text. `update` collects them from code and templates, `compile`
writes the .mo that Django reads, `check` fails when a text has no English or no longer occurs."""

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src/bureau"
CATALOGUE = SOURCE / "locale/en/LC_MESSAGES/django.po"
KEYWORDS = {
    "gettext": None, "gettext_lazy": None, "gettext_noop": None, "_": None, "N": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2),
}  # fmt: skip
# Code lists whose names the pages show; nations, education levels, areas and county items stay Chinese.
LISTS = (
    "sex", "school_kind", "locale", "organizer", "stage", "premises_stage", "grade", "class_kind", "id_kind", "household_kind",
    "entry_way", "attendance_way", "enrolment_status", "disability", "inclusion", "relation", "post_kind", "subject", "title",
    "backbone", "establishment", "conclusion", "relief",
)  # fmt: skip

# Parts of the verdict and units of the indicators, as the packs name them.
PACK_WORDS = {"学校资源配置", "校际差异系数", "㎡/生", "人/百生", "元/生", "间/百生"}


def collect() -> dict[str, list[str]]:
    """{message id: the files that use it}."""
    import django
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    found: dict[str, list[str]] = {}
    for path in sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html")]):
        if "migrations" in path.parts or "vendor" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            # What Django makes of a template is meant for xgettext; Python's tokenizer also minds indentation.
            text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())
        for _line, message, _comments, _context in extract("python", io.BytesIO(text.encode()), KEYWORDS):
            one = message if isinstance(message, str) else message[0]
            if one:
                found.setdefault(one, []).append(str(path.relative_to(ROOT)))
    for word in table_words():
        found.setdefault(word, []).append("src/junheng/tables")
    return found


def table_words() -> set[str]:
    """Headings and units of the agreed tables and the names of short code lists: the pages look them up as they are."""
    from junheng.tables import SHEETS, codes

    columns = [column for sheet in SHEETS.values() for column in sheet.stored]
    found = {column.heading for column in columns} | {column.unit for column in columns if column.unit}
    return found.union(*(codes(name).values() for name in LISTS), {"（空白）"}, PACK_WORDS)


def stored() -> Catalog:
    """The catalogue as it is."""
    if not CATALOGUE.exists():
        return Catalog(locale="en")
    with CATALOGUE.open("rb") as handle:
        return read_po(handle, locale="en")


def update() -> None:
    """Add new texts, drop those that no longer occur; translations stay."""
    old = stored()
    new = Catalog(
        locale="en", project="Junheng", version="1", copyright_holder="Junheng contributors", fuzzy=False
    )
    for message, places in sorted(collect().items()):
        known = old.get(message)
        new.add(
            message, known.string if known else "", locations=[(place, None) for place in sorted(set(places))]
        )
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as handle:
        write_po(handle, new, width=0, omit_header=False, no_location=True, sort_output=True)
    print(f"{sum(1 for m in new if m.id and not m.string)} of {len(new)} texts have no English")


def compile_catalogue() -> None:
    """Write the .mo beside the .po."""
    with CATALOGUE.with_suffix(".mo").open("wb") as handle:
        write_mo(handle, stored())


def check() -> int:
    """0 when every text has its English."""
    old, found = stored(), collect()
    absent = [message for message in found if not (known := old.get(message)) or not known.string]
    for message in absent:
        print(f"no English: {message!r} ({found[message][0]})")
    return 1 if absent else 0


if __name__ == "__main__":
    what = sys.argv[1] if len(sys.argv) > 1 else "update"
    sys.exit({"update": update, "compile": compile_catalogue, "check": check}[what]() or 0)
