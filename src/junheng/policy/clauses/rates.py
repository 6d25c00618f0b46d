"""读条款的标准: a clause's amounts by date, in 元 as the document writes them → `Rate` in fen a year (or once)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, get_args

from junheng.policy.clauses.model import ANY_GRADE, LAST_GRADE, NO_AMOUNT, PERS, TOP_GRADE, Cite, Form, Rate
from junheng.policy.model import Document, Status

_UNITS = {"year": 1, "once": 1, "term": 2}
# 元; beyond these 万元 and 元 are probably mixed up.
_LARGE, _LARGE_FOR_STAFF, _SMALL = 50_000, 200_000, 1
_BEYOND_ALL = 10**10


class RateReader:
    """Reads the rates of one clause; problems and warnings go to the lists given."""

    def __init__(
        self, place: str, documents: Mapping[str, Document], problems: list[str], warnings: list[str]
    ) -> None:
        self.place = place
        self.documents = documents
        self.problems = problems
        self.warnings = warnings
        self.staff = False

    def read(self, row: dict[str, Any], stages: tuple[str, ...]) -> tuple[Rate, ...]:
        """All rates of a clause, from the oldest; a rate without `until` ends the day before the next begins."""
        self.staff = "教职工" in stages
        rows = row.get("rates")
        if rows is None:
            rows = [{}]
        if not isinstance(rows, list) or not rows or not all(isinstance(item, dict) for item in rows):
            self.problems.append(f"{self.place}：rates 应为列表，每个时期一项")
            return ()
        common = {key: value for key, value in row.items() if key != "rates"}
        found = [self._rate({**common, **item}, stages) for item in rows]
        rates = [rate for rate in found if rate is not None]
        for number, (rate, following) in enumerate(pairwise(list(rates))):
            if following.since is None or (rate.since is not None and following.since <= rate.since):
                self.problems.append(f"{self.place}：各时期的 since 应由早到晚且不重复")
            elif rate.until is not None and rate.until >= following.since:
                self.problems.append(
                    f"{self.place}：{following.since} 起的标准早于前一标准的截止日 {rate.until}，请核对施行日期"
                )
            elif rate.until is None:
                rates[number] = replace(rate, until=following.since - timedelta(days=1))
        return tuple(rates)

    def _rate(self, row: dict[str, Any], stages: tuple[str, ...]) -> Rate | None:
        before = len(self.problems)
        per: Any = row.get("per", "year")
        if not isinstance(per, str) or per not in PERS:
            self.problems.append(f"{self.place}：per 应为 {'、'.join(PERS)} 之一，发现“{per}”")
            per = "year"
        units = row.get("units", _UNITS.get(per))
        if isinstance(units, bool) or not isinstance(units, int) or units < 1:
            self.problems.append(f"{self.place}：按{PERS[per]}发放的，须写明一年的次数 units（正整数）")
            units = 1
        grades = self._grades(row.get("grades"), stages)
        form, fen, low, high = self._amount(row.get("amount"), stages, units)
        since, until = self.day(row, "since"), self.day(row, "until")
        if since and until and until < since:
            self.problems.append(f"{self.place}：截止日 {until} 早于施行日 {since}")
        cite = self.cite(row)
        assumption = str(row.get("assumption") or "").strip()
        assumed = bool(row.get("assumed")) or cite.status == "assumed"
        if assumed and not assumption:
            self.problems.append(f"{self.place}：assumed 的标准须用 assumption 写明文件没有载明什么")
        if not assumed and form in ("average", "range"):
            self.problems.append(
                f"{self.place}：平均数或幅度没有分档办法，不能直接发放；请写 assumed: true 和 assumption，或写明分档"
            )
        confirmed_by = two_persons(self.place, row.get("confirmed_by"), self.problems)
        if confirmed_by and form in NO_AMOUNT:
            self.problems.append(f"{self.place}：{unpayable(form)}")
        if len(self.problems) > before:
            return None
        return Rate(
            since, until, form, per, units, fen, low, high, grades, cite,
            assumption if assumed else "", confirmed_by, str(row.get("note") or ""),
        )  # fmt: skip

    def cite(self, row: dict[str, Any]) -> Cite:
        """Document, item, quoted words and status of a row."""
        document = str(row.get("document") or "")
        if document not in self.documents:
            known = "、".join(self.documents) or "（无）"
            self.problems.append(f"{self.place}：document“{document}”不在文件列表中，可用：{known}")
        item, quote = str(row.get("item") or "").strip(), str(row.get("quote") or "").strip()
        if not item:
            self.problems.append(f"{self.place}：缺少 item（条款或项次）")
        status: Any = row.get("status")
        if status not in get_args(Status):
            self.problems.append(
                f"{self.place}：status 应为 {'、'.join(get_args(Status))} 之一，发现“{status}”"
            )
            status = "assumed"
        return Cite(document, item, quote, status)

    def day(self, row: dict[str, Any], name: str) -> date | None:
        """The date under that name; None where there is none, or where it is no date (a problem)."""
        value = row.get(name)
        if value is None or isinstance(value, date):
            return value
        self.problems.append(f"{self.place}：{name} 应为日期，如 2024-09-01，发现“{value}”")
        return None

    def _grades(self, raw: object, stages: tuple[str, ...]) -> dict[str, tuple[int, int]]:
        """{stage: (first, last)} from `1`, `1-2`, `2-` or one such for each stage; absent: every grade."""
        if raw is None:
            return {}
        rows = raw if isinstance(raw, dict) else dict.fromkeys(stages, raw)
        found = {}
        for stage, text in rows.items():
            span = _span(text)
            if stage not in stages or span is None:
                self.problems.append(
                    f"{self.place}：grades 应为“1”“1-2”“2-”或“学段: 年级”，发现“{stage}: {text}”"
                )
                continue
            if span[0] > LAST_GRADE[stage]:
                self.problems.append(f"{self.place}：{stage}没有{span[0]}年级")
            found[stage] = span
        return found

    def _amount(
        self, raw: object, stages: tuple[str, ...], units: int
    ) -> tuple[Form, dict[tuple[str, int], int], int, int]:
        """Form, table in fen a year, lowest and highest."""
        if raw == "actual":
            return "actual", {}, 0, 0
        if isinstance(raw, dict) and set(raw) <= {"average", "range", "up_to"} and raw:
            return self._loose(raw, stages, units)
        table = raw if isinstance(raw, dict) else dict.fromkeys(stages, raw)
        fen: dict[tuple[str, int], int] = {}
        for stage in stages:
            if stage not in table:
                self.problems.append(f"{self.place}：amount 缺少“{stage}”的金额")
        for stage, value in table.items():
            if stage not in stages:
                self.problems.append(f"{self.place}：amount 中的“{stage}”不在 stage 之内")
                continue
            by_grade = value if isinstance(value, dict) else {"": value}
            for grades, number in by_grade.items():
                span = _span(grades) if grades != "" else (ANY_GRADE, ANY_GRADE)
                money = self._fen(number)
                if span is None:
                    self.problems.append(f"{self.place}：amount 中的年级“{grades}”应写成“1”“1-2”或“2-”")
                elif money is not None:
                    fen |= {(stage, grade): money * units for grade in range(span[0], span[1] + 1)}
        return "fixed", fen, 0, 0

    def _loose(
        self, raw: dict[str, Any], stages: tuple[str, ...], units: int
    ) -> tuple[Form, dict[tuple[str, int], int], int, int]:
        span = raw.get("range")
        if "range" in raw and not (isinstance(span, list) and len(span) == 2):
            self.problems.append(f"{self.place}：range 应为 [最低, 最高]")
            span = None
        low, high = (self._fen(span[0]) or 0, self._fen(span[1]) or 0) if span else (0, 0)
        if low > high:
            self.problems.append(f"{self.place}：range 的最低数大于最高数")
        if "up_to" in raw:
            most = self._fen(raw["up_to"]) or 0
            return "up_to", {(stage, ANY_GRADE): most * units for stage in stages}, 0, most * units
        if "average" in raw:
            mean = self._fen(raw["average"]) or 0
            if span and not low <= mean <= high:
                self.problems.append(f"{self.place}：average 不在 range 之内")
            return (
                "average",
                {(stage, ANY_GRADE): mean * units for stage in stages},
                low * units,
                high * units,
            )
        return "range", {}, low * units, high * units

    def _fen(self, raw: object) -> int | None:
        money = yuan(raw)
        if money is None:
            self.problems.append(f"{self.place}：金额应为大于 0 的数（元），发现“{_short(raw)}”")
            return None
        raw = money
        fen = round(raw * 100)
        if abs(fen - raw * 100) > 1e-6:
            self.problems.append(f"{self.place}：金额“{raw}”不足一分，请改正")
        if raw > (_LARGE_FOR_STAFF if self.staff else _LARGE):
            self.warnings.append(f"{self.place}：金额 {raw} 元很大，请核对单位是否应为元（不是万元）")
        elif raw < _SMALL:
            self.warnings.append(f"{self.place}：金额 {raw} 元很小，请核对单位是否误写成万元")
        return fen


def yuan(raw: object) -> int | float | None:
    """An amount in 元 above 0, as a document may write it; None when it is none, or more than any budget holds."""
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not 0 < raw < _BEYOND_ALL:
        return None
    return raw


def _short(raw: object) -> str:
    return text if len(text := str(raw)) <= 30 else f"{text[:30]}…"


def unpayable(form: str) -> str:
    """为什么不能只确认: an average, a range or actual costs do not say who gets how much."""
    return (
        f"文件只给出{NO_AMOUNT[form]}，没有载明每人的金额，只有确认还不能发放；"
        "请在本包中按同一编号写明 tiers（分档）或固定金额"
    )


def two_persons(place: str, raw: object, problems: list[str]) -> str:
    """确认人、复核人 as “甲、乙”: a list or words of two different names; "" when nobody has confirmed."""
    if not raw:
        return ""
    said = raw if isinstance(raw, list) else str(raw).split("、")
    names = list(dict.fromkeys(name for one in said if (name := str(one or "").strip())))
    if len(names) != 2:
        problems.append(
            f"{place}：文件没有载明的事项须由两人确认，请写明确认人和复核人两个姓名，发现“{'、'.join(names)}”"
        )
        return ""
    return "、".join(names)


def _span(raw: object) -> tuple[int, int] | None:
    """`3` → (3, 3), `1-2` → (1, 2), `2-` → (2, TOP_GRADE)."""
    if isinstance(raw, bool):
        return None
    first, dash, last = str(raw).partition("-")
    if not first.isdecimal() or not (last == "" or last.isdecimal()):
        return None
    span = int(first), int(last) if last else (TOP_GRADE if dash else int(first))
    return span if 1 <= span[0] <= span[1] <= TOP_GRADE else None
