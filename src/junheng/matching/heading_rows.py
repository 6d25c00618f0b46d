"""名册的标题行: where the headings of a register stand, in up to four rows of which the upper ones span several columns."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from junheng.intake.headings import SEARCHED_ROWS, bare_heading
from junheng.intake.raw import Cell
from junheng.matching.whose import CHILD, OTHER, Meaning, group_of, meaning, uncounted
from junheng.tables import Sheet

_DEEPEST = 4
Merge = tuple[tuple[int, int], tuple[int, int]]  # first and last (row, column)


@dataclass(frozen=True, slots=True)
class Head:
    """一列的标题: `written` as in the file, with the group above it in `group`; `who` says whose it is where the group or the heading does."""

    place: int
    written: str
    group: str
    told: Meaning
    who: str
    counted: str = ""  # 成员1姓名: the 1


@dataclass(slots=True)
class Heads:
    """标题: rows `first` to `below` (exclusive) of the worksheet, and each column that has one."""

    first: int
    below: int
    columns: list[Head] = field(default_factory=list)

    @property
    def known(self) -> list[Head]:
        """The columns that mean something."""
        return [head for head in self.columns if head.told.what and not head.told.unit]

    @property
    def fit(self) -> float:
        """How many different things they say, and how many of the headings are understood."""
        different = {(head.who, head.told.what) for head in self.known}
        return len(different) + len(self.known) / max(len(self.columns), 1)


def find_heads(sheet: Sheet, rows: Sequence[Sequence[Cell]], merges: Sequence[Merge] = ()) -> Heads | None:
    """The headings among the first rows; None when no row has any."""
    head = rows[: SEARCHED_ROWS + _DEEPEST]
    best: Heads | None = None
    for top in range(min(len(head), SEARCHED_ROWS)):
        if not any(isinstance(cell, str) and cell.strip() for cell in head[top]):
            continue
        alone: Heads | None = None
        for below in range(top + 1, min(top + _DEEPEST, len(head)) + 1):
            found = _heads(sheet, head, merges, top, below)
            # Rows of data below the headings make nothing clearer.
            if alone is not None and not _clearer(found, alone):
                continue
            alone = found
            if found.known and (best is None or _rank(found) > _rank(best)):
                best = found
    return best


def _rank(found: Heads) -> tuple[float, int, int]:
    """Of equal ones that which says more often whose a column is, then the shallowest: what stands above is a title or who reports."""
    return found.fit, sum(head.who not in ("", OTHER) for head in found.known), found.first - found.below


def _clearer(found: Heads, before: Heads) -> bool:
    """Whether one more row makes more of the headings. A row of data below them takes more away than it adds."""
    now, then = {head.place for head in found.known}, {head.place for head in before.known}
    return _rank(found)[:2] > _rank(before)[:2] and len(now - then) >= len(then - now)


def _heads(
    sheet: Sheet, rows: Sequence[Sequence[Cell]], merges: Sequence[Merge], top: int, below: int
) -> Heads:
    width = max(len(row) for row in rows[top:below])
    grid = [[_text(row, place) for place in range(width)] for row in rows[top:below]]
    spread = _spread(grid, merges, top)
    answer = Heads(top, below)
    for place in range(width):
        stack = list(dict.fromkeys(text for row in spread if (text := row[place])))
        if not stack:
            continue
        written, above = stack[-1], stack[:-1]
        bare, counted = uncounted(bare_heading(written))
        told = meaning(sheet, bare)
        if above and (not told.what or ("证件" in above[-1] and told.what not in ("id", "card"))):
            # 证件 above 号码: only together do they say what it is; 类型 below 证件 is no category.
            told = meaning(sheet, bare_heading(above[-1] + written))
            written = above.pop() + written if told.what else written
        groups = [uncounted(bare_heading(text)) for text in reversed(above)]
        who = told.who or next((one for text, _ in groups if (one := group_of(text))), "")
        counted = counted or next((number for text, number in groups if number and group_of(text)), "")
        group = " ".join(" ".join(above).split())
        answer.columns.append(
            Head(place, " ".join(written.split()), group, told, who, counted if who == CHILD else "")
        )
    return answer


def _text(row: Sequence[Cell], place: int) -> str:
    cell = row[place] if place < len(row) else ""
    return cell.strip() if isinstance(cell, str) else ""


def _spread(grid: list[list[str]], merges: Sequence[Merge], top: int) -> list[list[str]]:
    """The same with a heading over several columns written above each of them: by the merged cells, or by the blanks to its right."""
    titles = {at for at, row in enumerate(grid[:-1]) if _is_title(row)}
    spread = [[""] * len(row) if at in titles else list(row) for at, row in enumerate(grid)]
    own = [merge for merge in merges if merge[0][0] < top + len(grid) and merge[1][0] >= top]
    for (row, left), (last, right) in own:
        text = spread[row - top][left] if row >= top and left < len(grid[0]) else ""
        for at in range(max(row, top), min(last, top + len(grid) - 1) + 1 if text else 0):
            # In the lowest row a cell over several columns is the heading of the first.
            until = left if at == top + len(grid) - 1 else right
            for place in range(left, min(until + 1, len(grid[0]))):
                spread[at - top][place] = text
    if own:
        return spread
    for upper, line in enumerate(spread[:-1]):
        before = ""
        for place, text in enumerate(line):
            below = any(lower[place] for lower in grid[upper + 1 :])
            before = text or (before if below else "")
            line[place] = before
    return spread


def _is_title(row: Sequence[str]) -> bool:
    """One text alone in its row is the title of the sheet, whatever it spans."""
    return sum(bool(text) for text in row) == 1
