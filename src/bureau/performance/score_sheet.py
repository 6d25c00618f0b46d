"""评分表: the cells that people score as a workbook, filled in Excel and read back by 编号 with every problem at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook

from bureau.people.models import Organisation
from bureau.performance import queries, scoring
from bureau.performance.models import Criterion, Scheme, Score
from bureau.performance.score_actions import Entry
from junheng.documents.sheets import book
from junheng.intake.safety import Refused as NotOpened
from junheng.intake.safety import inspect

TITLE, COMPUTED = "评分表", "系统计算"
HEADINGS = ("编号", "单位", "指标", "满分", "评分标准", "下载时得分", "得分", "说明")
WIDTHS = (10, 24, 24, 8, 44, 11, 9, 44)
LARGEST = 5 * 1024 * 1024
MOST_ROWS = 50_000
EXEMPT = "不适用"


@dataclass(frozen=True, slots=True)
class Reading:
    """读评分表: what would be entered, and every problem as a sentence."""

    entries: tuple[Entry, ...]
    problems: tuple[str, ...]


def workbook(scheme: Scheme) -> bytes:
    """评分表 of a scheme: first the cells to be filled, then the computed ones to be read."""
    units, criteria = list(scheme.units.all()), list(scheme.criteria.all())
    found = queries.scores(scheme, units)
    open_rows, computed = [], []
    for criterion in criteria:
        for unit in units:
            score = found.get((unit.pk, criterion.pk))
            if score is not None and score.computed:
                value = f"{score.value:.6g}{score.unit}" if score.value is not None else EXEMPT
                computed.append(
                    [unit.name, criterion.title, value, _points(score), _number(score), score.detail]
                )
                continue
            most = "0 或 1" if criterion.source == "veto" else scoring.plain(criterion.weight)
            standard = criterion.standard or queries.rule_words(criterion)
            if score is not None and score.missing:
                standard = f"{standard}（系统没有取到数：{score.missing}）"
            open_rows.append(
                [f"{unit.pk}-{criterion.pk}", unit.name, criterion.title, most, standard, _points(score), _number(score), score.text if score else ""]
            )  # fmt: skip
    with book() as made:
        sheet = made.table(TITLE, HEADINGS, open_rows, WIDTHS)
        sheet.freeze_panes(1, 3)
        sheet.write_comment(0, 0, "请勿修改编号和“下载时得分”。只有得分、说明两列会读回系统。")
        sheet.write_comment(0, 6, "填数，最多两位小数；不适用的填“不适用”并在说明里写原因。空着的不改。")
        made.table(
            COMPUTED,
            ("单位", "指标", "数值", "得分", "得分（数）", "取数说明"),
            computed,
            (24, 24, 12, 9, 11, 60),
        )
    return made.content


def read(content: bytes, scheme: Scheme) -> Reading:
    """读评分表. Nothing is written; a cell that somebody changed after the download is a problem, never overwritten."""
    cells = _opened(content)
    if isinstance(cells, str):
        return Reading((), (cells,))
    head = next((at for at, row in enumerate(cells[:10]) if "编号" in [_text(cell) for cell in row]), None)
    places = {_text(cell): at for at, cell in enumerate(cells[head])} if head is not None else {}
    lacking = [heading for heading in ("编号", "得分", "说明", "下载时得分") if heading not in places]
    if head is None or lacking:
        return Reading((), (f"没有找到标题“{'”“'.join(lacking)}”，请用从评分页下载的评分表填写后上传",))
    if len(cells) - head > MOST_ROWS:
        return Reading(
            (), (f"表里有 {len(cells) - head - 1:,} 行，超过 {MOST_ROWS:,} 行，请检查是否选错文件",)
        )
    units, criteria = (
        {one.pk: one for one in scheme.units.all()},
        {one.pk: one for one in scheme.criteria.all()},
    )
    found = queries.scores(scheme, units.values())
    entries: list[Entry] = []
    problems: list[str] = []
    seen: dict[tuple[int, int], int] = {}
    for number, row in enumerate(cells[head + 1 :], head + 2):
        if not any(_text(cell) for cell in row):
            continue
        entry = _entry(number, row, places, units, criteria)
        if isinstance(entry, str):
            problems.append(entry)
            continue
        key = (entry.unit, entry.criterion)
        if key in seen:
            problems.append(f"第{number}行“编号”：与第{seen[key]}行重复，请删去一行")
            continue
        seen[key] = number
        handed, now = _text(_at(row, places["下载时得分"])), _points(found.get(key))
        asked = EXEMPT if entry.exempt else scoring.plain(entry.points)
        if asked and asked != now and handed != now:
            problems.append(
                f"第{number}行“得分”：下载后已有人改为“{now or '空'}”，请重新下载评分表再填，以免覆盖别人的评分"
            )
            continue
        entries.append(entry)
    return Reading(tuple(entries), tuple(problems))


def _opened(content: bytes) -> list[list[object]] | str:
    if len(content) > LARGEST:
        return f"文件有 {len(content) / 1024 / 1024:.0f} MB，评分表不该这么大，请检查是否选错文件"
    try:
        inspect(content)
        opened = CalamineWorkbook.from_filelike(BytesIO(content))
        tab = TITLE if TITLE in opened.sheet_names else opened.sheet_names[0]
        return [list(row) for row in opened.get_sheet_by_name(tab).to_python(skip_empty_area=False)]
    except NotOpened as refused:
        return str(refused)
    except (CalamineError, IndexError):
        return "文件打不开，请用从评分页下载的评分表（.xlsx）填写后上传"


def _entry(
    number: int,
    row: Sequence[object],
    places: Mapping[str, int],
    units: Mapping[int, Organisation],
    criteria: Mapping[int, Criterion],
) -> Entry | str:
    key = _text(_at(row, places["编号"]))
    first, _mark, second = key.partition("-")
    known = all(part.isascii() and part.isdecimal() and len(part) < 12 for part in (first, second))
    if not known or int(first) not in units or int(second) not in criteria:
        return f"第{number}行“编号”：“{key}”不在这个方案里，请恢复下载时的编号，或删去这一行"
    typed, text = _text(_at(row, places["得分"])), _text(_at(row, places["说明"]))
    if typed == EXEMPT:
        return Entry(int(first), int(second), None, text, exempt=True)
    points = decimal_of(typed)
    if isinstance(points, str):
        return f"第{number}行“得分”：“{points}”不是数，请改成数字，例如 8.5；没有发生的扣分填 0"
    if points is None and text:
        return f"第{number}行“得分”：写了说明，没有填得分，请补上"
    return Entry(int(first), int(second), points, text)


def decimal_of(typed: str) -> Decimal | str | None:
    """A typed number; None for nothing, the text itself when it is none."""
    text = typed.strip().replace("，", "").replace(",", "").removesuffix("分")
    if not text:
        return None
    try:
        found = Decimal(text)
    except InvalidOperation:
        return typed
    # More digits than any points have would not fit the arithmetic, let alone the column.
    return (
        found
        if found.is_finite() and len(found.as_tuple().digits) < 20 and -9 < found.adjusted() < 9
        else typed
    )


def _points(score: Score | None) -> str:
    if score is None:
        return ""
    return EXEMPT if score.exempt else scoring.plain(score.points)


def _number(score: Score | None) -> object:
    if score is None or (score.points is None and not score.exempt):
        return None
    return EXEMPT if score.exempt or score.points is None else float(score.points)


def _at(row: Sequence[object], place: int) -> object:
    return row[place] if place < len(row) else ""


def _text(value: object) -> str:
    if isinstance(value, float):
        return scoring.plain(Decimal(repr(value)))
    return str(value).strip() if value is not None else ""
