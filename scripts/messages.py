"""The English catalogue: message ids are the Chinese text.

messages.py update        collect the texts of code, templates, tables and packs; drop those that no longer occur
messages.py fill FILE…    take English from files of “Chinese<TAB>English” lines
messages.py compile       write the .mo that Django reads
messages.py check         1 and a list when a text has no English
"""

import io
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from sentences import HAN, sentences

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src/bureau"
CATALOGUE = SOURCE / "locale/en/LC_MESSAGES/django.po"
KEYWORDS = {
    "gettext": None, "gettext_lazy": None, "gettext_noop": None, "_": None, "N": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2),
}  # fmt: skip
# Names of areas are proper names.
NAMES = ("province_area", "county_area")
PLACE = re.compile(r"\{([^{}]*)\}")
# What code puts together from data, as it comes out.
PUT_TOGETHER = {
    "{1}第{2}项", "小学{1}", "初中{1}", "{1}个班", "{1}所", "{1}名", "{1}间", "学校资源配置", "校际差异系数", "有特殊情形时",
    "体育、艺术专任教师数", "本系统约定", "文件未载明的事项", "（文号待查）", "全校", "特教",
    # Bulletins: scores without a floor, counts, periods and the titles made of them.
    "100 分，扣：{1}；得 {2} 分", "{1}件", "{1}张", "{1}份", "{1}次", "次", "件", "{1}年上半年", "{1}年下半年",
    "{1}年第一季度", "{1}年第二季度", "{1}年第三季度", "{1}年第四季度", "{1}年上半年{2}教育计划", "{1}年下半年{2}教育计划",
    "{1}年第一季度{2}教育计划", "{1}年第二季度{2}教育计划", "{1}年第三季度{2}教育计划", "{1}年第四季度{2}教育计划",
    # Conditions and amounts of aid.
    "且{1}", "每年{1}", "一次性{1}", "折合{1}", "不超过{1}", "免{1}", "{1}元", "每日{1}", "{1}且{2}", "{1}各档", "若不享受{1}，则{2}",
    "{1}只享受最高一项", "{1}只享受排在前面的一项",
    # The calendar of workdays.
    "元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆节", "{1}调休",
}  # fmt: skip
# What packs say beside titles (which have their English in the pack) and quotations (which stay as they are).
ITEM = re.compile(r"(.+)第\d+项")
PACK_TEXTS = (
    "unit", "numerator_unit", "group", "item", "note", "notes", "value", "formula", "assumption", "register", "evidence", "basis",
    "obligation", "reason", "choices", "help", "list_of",
)  # fmt: skip


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
            if not one.isascii():  # of _(row["kind"]) babel takes the key
                found.setdefault(one, []).append(str(path.relative_to(ROOT)))
    places = dict.fromkeys(table_words(), "junheng/tables") | dict.fromkeys(pack_words(), "junheng/policy")
    places |= dict.fromkeys(example_texts(), "junheng/measures/examples")
    for word, place in (places | sentences(ROOT / "src")).items():
        if HAN.search(word):
            found.setdefault(word, []).append(f"src/{place}")
    return found


def table_words() -> set[str]:
    """Headings, meanings and units of the agreed tables and the names of code lists: the pages show them as they are."""
    import yaml

    from junheng.tables import FACTS, SHEETS, codes

    columns = [column for sheet in (*SHEETS.values(), FACTS) for column in sheet.columns]
    found = {column.heading for column in columns} | {column.unit for column in columns if column.unit}
    found |= {column.meaning for column in columns} | {sheet.title for sheet in SHEETS.values()}
    found |= {sheet.meaning for sheet in SHEETS.values()} | {"（空白）"}
    lists = yaml.safe_load((ROOT / "src/junheng/tables/codes.yaml").read_text(encoding="utf-8"))
    return {
        word for word in found.union(*(codes(name).values() for name in lists if name not in NAMES)) if word
    }


def pack_words() -> set[str]:
    """Units, groups, items and notes of the packs that are shipped, and titles that have no English in the pack."""
    import yaml

    found = set(PUT_TOGETHER)

    def walk(node: object, key: str = "") -> None:
        if isinstance(node, dict):
            named = (
                {"title", "name", "meaning"} if "title_en" not in node and "meaning_en" not in node else set()
            )
            for name, value in node.items():
                if name in named and isinstance(value, str) and key != "documents":
                    found.add(value)
                if key in ("value", "definitions"):
                    found.add(str(name))
                walk(value, "value" if key == "value" else str(name))
        elif isinstance(node, list):
            for value in node:
                walk(value, key)
        elif key in PACK_TEXTS and (key == "formula" or not ITEM.fullmatch(str(node))):
            found.add(str(node))

    for path in sorted((ROOT / "src/junheng/policy").glob("packs*/*.yaml")):
        walk(yaml.safe_load(path.read_text(encoding="utf-8")))
    return found | ledger_words()


def ledger_words() -> set[str]:
    """What the shipped ledgers say beside their titles: names of evidence, words in their queries, grades of a veto, levels and figures."""
    from junheng.policy import ledgers

    found: set[str] = set()
    for words in (ledgers.LEVEL_WORDS, ledgers.SUBJECT_WORDS, ledgers.FIGURE_WORDS, ledgers.ACCESS_WORDS):
        found |= set(words.values())
    for text in ledgers.shipped().values():
        one = ledgers.parse(text)
        for detector in one.detectors:
            found |= {title for _name, title in detector.evidence}
            found |= set(re.findall(r"'([^'%]+)'", detector.sql))
        for column in one.columns:
            found |= {veto.grade for veto in column.tally.vetoes} if column.tally else set()
    return {word.strip() for word in found if HAN.search(word) and len(word) > 1}


def example_texts() -> set[str]:
    """Titles and explanations of the worked examples."""
    from junheng.measures.worked import examples, golden
    from junheng.measures.worked_plans import plan_examples

    drawn = (*examples(), *plan_examples())
    found = {text for one in drawn for text in (one.chapter, one.title, one.prose, one.source) if text}
    return found | {
        str(part.get(key, ""))
        for part in golden().values()
        if isinstance(part, dict)
        for key in ("title", "source")
    }


def stored() -> Catalog:
    """The catalogue as it is."""
    if not CATALOGUE.exists():
        return Catalog(locale="en")
    with CATALOGUE.open("rb") as handle:
        return read_po(handle, locale="en")


def write(catalogue: Catalog) -> None:
    """Keep the catalogue, in the order of the texts."""
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as handle:
        write_po(handle, catalogue, width=0, omit_header=False, no_location=True, sort_output=True)


def update() -> None:
    """Add new texts, drop those that no longer occur; translations stay."""
    old = stored()
    new = Catalog(
        locale="en",
        project="Junheng",
        version="1",
        copyright_holder="Junheng contributors",
        fuzzy=False,
        creation_date=old.creation_date,
    )
    for message, places in sorted(collect().items()):
        known = old.get(message)
        new.add(
            message, known.string if known else "", locations=[(place, None) for place in sorted(set(places))]
        )
    write(new)
    print(f"{sum(1 for m in new if m.id and not m.string)} of {len(new)} texts have no English")


def fill(files: list[str]) -> None:
    """English for texts without: lines of Chinese, a tab, English. “{name}” may stand for a numbered place."""
    known = stored()
    wanted = {message.id: message for message in known if message.id and not message.string}
    filled = 0
    for name in files:
        for line in Path(name).read_text(encoding="utf-8").splitlines():
            chinese, _tab, english = (part.replace("\\n", "\n") for part in line.partition("\t"))
            message = wanted.get(chinese)
            if message is None:
                chinese, english = numbered(chinese, english)
                message = wanted.get(chinese)
            if message is not None and english.strip():
                message.string = english
                filled += 1
    write(known)
    print(f"{filled} filled, {sum(1 for message in wanted.values() if not message.string)} without English")


def numbered(chinese: str, english: str) -> tuple[str, str]:
    """“{heading}不是{kind}” → “{1}不是{2}”, in both."""
    names: list[str] = []
    for name in PLACE.findall(chinese):
        if name not in names:
            names.append(name)

    def number(place: re.Match[str]) -> str:
        return f"{{{names.index(place[1]) + 1}}}" if place[1] in names else place[0]

    return PLACE.sub(number, chinese), PLACE.sub(number, english)


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
    if what == "fill":
        fill(sys.argv[2:])
    else:
        sys.exit({"update": update, "compile": compile_catalogue, "check": check}[what]() or 0)
