"""条款的填写 (what a clerk fills in): the fields of one clause → a row of the county's pack, every problem at once; and back (`clauses_form_shown`)."""

import re
from collections.abc import Mapping
from typing import Any

from bureau.entitlements.clause_yaml import condition_of
from bureau.pages.clauses_form_amount import Amounts
from bureau.pages.clauses_form_fields import CONDITIONS, EXAMPLES, Filled, Typed, grades_of, parts
from bureau.pages.clauses_words import known_names, money_of
from junheng.policy.clauses import KINDS, LAST_GRADE, STAGES, Book

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
_LINES = re.compile(r"[\n、，；;]+")


def read(
    typed: Typed, book: Book, *, county: str, documents: Mapping[str, tuple[str, str]], kept: object
) -> Filled:
    """填写内容 → Filled. `documents`: {choice: (number, title)}; `kept`: the condition that the form cannot show, to be kept."""
    return _Reader(typed, book, county, documents, kept).read()


class _Reader(Amounts):
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
        self.amount(row)
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
        for part in parts(text):
            stage, colon, span = part.rpartition(":")
            grades = grades_of(span)
            stages = [stage] if colon else row["stage"]
            if grades is None or not set(stages) <= set(row["stage"]):
                self.wrong(
                    "grades", f"年级“{part}”看不懂，请写成 1-3、2- 或 本科:1 的样子；每个年级都享受的不用填"
                )
                return
            for one in stages:
                if int(grades[0]) > LAST_GRADE[one]:
                    self.wrong("grades", f"{one}没有{grades[0]}年级")
                found[one] = grades
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

    def _days(self, row: dict[str, Any]) -> None:
        since, until = self.day("since"), self.day("until")
        self.found.since = since
        if since is None and not self.text("since"):
            self.wrong("since", "请填写起用日期")
        if since:
            row["since"] = since
        if until:
            row["until"] = until
        if since and until and until < since:
            self.wrong("until", f"截止日期 {until} 早于起用日期 {since}，请核对")

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
            on = self.day(f"example-day-{number}")
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
