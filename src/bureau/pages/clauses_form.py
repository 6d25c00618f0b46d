"""条款的填写 (what a clerk fills in): the fields of one clause → a row of the county's pack, every problem at once; and back (`clauses_form_shown`)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.datastructures import MultiValueDict

from bureau.entitlements.clause_yaml import condition_of
from bureau.pages.clauses_words import known_names, money_of
from junheng.policy.clauses import KINDS, LAST_GRADE, PERS, STAGES, Book

CONDITIONS = 4
TIERS = 6
EXAMPLES = 3
MODES = {"any": "具备其中一项", "none": "一项都不具备"}
FORMS = {
    "fixed": "固定金额",
    "tiers": "分档",
    "actual": "据实（按实际费用）",
    "up_to": "不超过某一限额",
    "average": "只有平均数，没有分档",
    "range": "只有幅度，没有分档",
}
SHARES = {"centre": "中央", "region": "自治区", "county": "县级"}
_UNITS = {"year": 1, "once": 1, "term": 2, "month": 10, "day": 200}
_LINES = re.compile(r"[\n、，；;]+")
Typed = MultiValueDict[str, str]


@dataclass
class Filled:
    """已填内容: the row of the pack, its document (number, title), and when it begins; `problems` are (field, sentence)."""

    row: dict[str, Any] = field(default_factory=dict)
    document: tuple[str, str] = ("", "")
    since: date | None = None
    problems: list[tuple[str, str]] = field(default_factory=list)


def read(
    typed: Typed, book: Book, *, county: str, documents: Mapping[str, tuple[str, str]], kept: object
) -> Filled:
    """填写内容 → Filled. `documents`: {choice: (number, title)}; `kept`: the condition that the form cannot show, to be kept."""
    return _Reader(typed, book, county, documents, kept).read()


class _Reader:
    def __init__(
        self, typed: Typed, book: Book, county: str, documents: Mapping[str, tuple[str, str]], kept: object
    ) -> None:
        self.typed, self.book, self.county = typed, book, county
        self.documents, self.kept = documents, kept
        self.found = Filled()

    def text(self, name: str) -> str:
        return str(self.typed.get(name, "")).strip()

    def wrong(self, name: str, sentence: str) -> None:
        self.found.problems.append((name, sentence))

    def read(self) -> Filled:
        row = self.found.row
        row["id"] = ""
        row["name"] = self.text("name")[:80]
        if not row["name"]:
            self.wrong("name", "请填写条款名称，例如“普通高中助学金”")
        row["kind"] = self.text("kind")
        if row["kind"] not in KINDS:
            self.wrong("kind", "请选择方式")
        row["stage"] = [one for one in self.typed.getlist("stage") if one in STAGES]
        if not row["stage"]:
            self.wrong("stage", "请至少选择一个学段")
        self._grades(row)
        condition = self._condition()
        if condition is not None:
            row["when"] = condition
        self._amount(row)
        self._days(row)
        self._source(row)
        self._rest(row)
        row["examples"] = self._examples()
        return self.found

    def _grades(self, row: dict[str, Any]) -> None:
        text = self.text("grades")
        if not text:
            return
        found: dict[str, str] = {}
        for part in _parts(text):
            stage, colon, span = part.rpartition(":")
            span = span.replace("年级", "").replace("及以上", "-").replace("至", "-")
            stages = [stage] if colon else row["stage"]
            if not re.fullmatch(r"\d(-\d?)?", span) or not set(stages) <= set(row["stage"]):
                self.wrong(
                    "grades", f"年级“{part}”看不懂，请写成 1-3、2- 或 本科:1 的样子；每个年级都享受的不用填"
                )
                return
            for one in stages:
                if int(span[0]) > LAST_GRADE[one]:
                    self.wrong("grades", f"{one}没有{span[0]}年级")
                found[one] = span
        row["grades"] = found

    def _condition(self) -> object:
        if self.text("keep") and self.kept is not None:
            return self.kept
        names = known_names(self.book)
        groups = []
        for number in range(1, CONDITIONS + 1):
            chosen = self.typed.getlist(f"when-{number}")
            unknown = [name for name in chosen if name not in names]
            if unknown:
                self.wrong("when", f"没有“{'、'.join(unknown)}”这项情形，请从列表中勾选")
            mode = self.text(f"mode-{number}") or "any"
            if chosen and mode in MODES and not unknown:
                groups.append((mode, tuple(chosen)))
        return condition_of(tuple(groups))

    def _amount(self, row: dict[str, Any]) -> None:
        form, per = self.text("form"), self.text("per")
        if per not in PERS:
            self.wrong("per", "请选择按年、学期、月、日还是一次性发放")
        else:
            row["per"] = per
            if per in ("month", "day"):
                units = self.text("units")
                if not units.isdecimal() or not 0 < int(units) <= 366:
                    self.wrong("units", f"{PERS[per]}发放的，请填一年发几次，例如 {_UNITS[per]}")
                else:
                    row["units"] = int(units)
        match form:
            case "fixed":
                row["amount"] = self._by_stage(row["stage"])
            case "tiers":
                self._tiers(row)
            case "actual":
                row["amount"] = "actual"
            case "up_to":
                row["amount"] = {"up_to": self._one("most", "请填写最高限额（元）")}
            case "average" | "range":
                self._loose(row, form)
            case _:
                self.wrong("form", "请选择金额的写法")
        if form in ("average", "range"):
            row["assumed"] = True
            row["assumption"] = self.text("assumption")
            if not row["assumption"]:
                self.wrong(
                    "assumption", "只有平均数或幅度的，请写明文件没有载明什么；写明分档并确认之前不能发放"
                )

    def _one(self, name: str, sentence: str) -> int | float | None:
        found = money_of(self.text(name))
        if found is None:
            self.wrong(name, sentence)
        return found

    def _by_stage(self, stages: Iterable[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for stage in stages:
            text = self.text(f"amount-{stage}")
            if not text:
                self.wrong(f"amount-{stage}", f"请填写{stage}的金额（元）")
            elif ":" in text or "：" in text:
                table: dict[str, Any] = {}
                for part in _parts(text):
                    grades, _colon, sum_text = part.partition(":")
                    sum_ = money_of(sum_text)
                    if not re.fullmatch(r"\d(-\d?)?", grades) or sum_ is None:
                        self.wrong(
                            f"amount-{stage}", f"{stage}的金额“{part}”看不懂，分年级的请写成 1:6000，2-:3000"
                        )
                        break
                    table[grades] = sum_
                found[stage] = table
            elif (sum_ := money_of(text)) is None:
                self.wrong(
                    f"amount-{stage}", f"{stage}的金额“{text[:20]}”不是大于0的数，请写成 2000 或 0.2万"
                )
            else:
                found[stage] = sum_
        return found

    def _tiers(self, row: dict[str, Any]) -> None:
        tiers = []
        names = known_names(self.book)
        for number in range(1, TIERS + 1):
            name, amount = self.text(f"tier-name-{number}"), self.text(f"tier-amount-{number}")
            chosen = [one for one in self.typed.getlist(f"tier-when-{number}") if one in names]
            if not name and not amount and not chosen:
                continue
            sum_ = money_of(amount)
            if sum_ is None:
                self.wrong(
                    f"tier-amount-{number}",
                    f"第{number}档的金额“{amount[:20]}”不是大于0的数，请写成 2000 或 0.2万",
                )
            tier: dict[str, Any] = {"name": name or f"第{number}档", "amount": sum_}
            condition = condition_of((("any", tuple(chosen)),) if chosen else ())
            if condition is not None:
                tier["when"] = condition
            tiers.append(tier)
        if len(tiers) < 2:
            self.wrong("tiers", "分档的至少写两档，每档写明对象和金额")
        row["tiers"] = tiers

    def _loose(self, row: dict[str, Any], form: str) -> None:
        sums = {name: money_of(self.text(name)) for name in ("low", "high")}
        span = [sums["low"], sums["high"]]
        if form == "average":
            mean = self._one("average", "请填写平均标准（元）")
            row["amount"] = {"average": mean} | ({"range": span} if None not in span else {})
        else:
            if None in span:
                self.wrong("low", "请填写最低和最高金额（元）")
            row["amount"] = {"range": span}

    def _days(self, row: dict[str, Any]) -> None:
        since, until = self._day("since"), self._day("until")
        self.found.since = since
        if since is None and not self.text("since"):
            self.wrong("since", "请填写起用日期")
        if since:
            row["since"] = since
        if until:
            row["until"] = until
        if since and until and until < since:
            self.wrong("until", f"截止日期 {until} 早于起用日期 {since}，请核对")

    def _day(self, name: str) -> date | None:
        text = self.text(name)
        try:
            found = date.fromisoformat(text) if text else None
        except ValueError:
            found = None
            self.wrong(name, f"“{text[:20]}”不是日期，请写成 2026-09-01 的样子")
        if found and not 1990 <= found.year <= 2100:
            self.wrong(name, f"日期 {found} 不合理，请核对年份")
            return None
        return found

    def _source(self, row: dict[str, Any]) -> None:
        chosen = self.text("document")
        number, title = self.documents.get(chosen, (self.text("number")[:60], self.text("title")[:200]))
        if not number and not title:
            self.wrong("document", "请选择所依据的文件；列表中没有的，填写文号和题名")
        self.found.document = (number, title)
        row["item"], row["quote"] = self.text("item")[:60], self.text("quote")[:1000]
        row["status"] = self.text("status")
        if not row["item"]:
            self.wrong("item", "请写明在文件的哪一条，例如“三（五）16”")
        if not row["quote"]:
            self.wrong("quote", "请照原文填写引文")
        if row["status"] not in ("V", "V3"):
            self.wrong("status", "请说明引文核对到什么程度")

    def _rest(self, row: dict[str, Any]) -> None:
        group = self.text("group")
        if group and group not in self.book.groups:
            self.wrong("group", "没有这个互斥组，请从列表中选择")
        elif group:
            row["group"] = group
        cap = self.text("cap")
        if cap and (sum_ := money_of(cap)) is None:
            self.wrong("cap", f"上限“{cap[:20]}”不是大于0的数，没有上限的不用填")
        elif cap:
            row["cap"] = sum_
        shares = {name: self.text(f"share-{name}") for name in SHARES}
        if any(shares.values()):
            wrong = [text for text in shares.values() if text and not re.fullmatch(r"\d{1,3}", text)]
            numbers = {name: int(text) for name, text in shares.items() if text and not wrong and int(text)}
            if wrong or sum(numbers.values()) != 100:
                self.wrong("share-centre", "资金分担请填整数百分比，中央、自治区、县级合计 100")
            else:
                row["shares"] = numbers
        evidence = [one.strip() for one in _LINES.split(self.text("evidence")) if one.strip()]
        if evidence:
            row["evidence"] = evidence[:20]

    def _examples(self) -> list[dict[str, Any]]:
        found = []
        for number in range(1, EXAMPLES + 1):
            values = {name: self.text(f"example-{name}-{number}") for name in ("day", "stage", "grade", "has", "lacks", "pays")}  # fmt: skip
            if not any(values[name] for name in ("day", "has", "lacks", "pays")):
                continue
            on = self._day(f"example-day-{number}")
            names = [
                one.strip() for key in ("has", "lacks") for one in _LINES.split(values[key]) if one.strip()
            ]
            unknown = [one for one in names if one not in self.book.facts]
            if unknown:
                self.wrong(
                    f"example-has-{number}",
                    f"算例{number}：没有“{'、'.join(unknown)}”这项情形，可用：{'、'.join(self.book.facts)}",
                )
            if on is None or values["stage"] not in STAGES:
                self.wrong(f"example-day-{number}", f"算例{number}：请填写日期和学段")
                continue
            made: dict[str, Any] = {"day": on, "stage": values["stage"], "county": self.county}
            if values["grade"].isdecimal():
                made["grade"] = int(values["grade"])
            for key in ("has", "lacks"):
                made[key] = [one.strip() for one in _LINES.split(values[key]) if one.strip()]
            if values["pays"] not in ("", "0"):
                made["pays"] = money_of(values["pays"])
                if made["pays"] is None:
                    self.wrong(
                        f"example-pays-{number}",
                        f"算例{number}：应得“{values['pays'][:20]}”不是数，不发放的留空",
                    )
            found.append(made)
        return found


def _parts(text: str) -> list[str]:
    flat = re.sub(r"\s", "", text).replace("：", ":").replace("元", "")
    return [part for part in re.split(r"[，,、；;]", flat) if part]
