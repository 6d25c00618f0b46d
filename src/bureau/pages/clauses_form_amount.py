"""条款金额的填写: fixed sums by stage and grade, tiers, limits, means and ranges → the amount of a row."""

from collections.abc import Iterable
from typing import Any

from bureau.entitlements.clause_yaml import condition_of
from bureau.pages.clauses_form_fields import TIERS, Fields, grades_of, parts
from bureau.pages.clauses_words import known_names, money_of
from junheng.policy.clauses import PERS

_UNITS = {"year": 1, "once": 1, "term": 2, "month": 10, "day": 200}


class Amounts(Fields):
    """金额各栏."""

    def amount(self, row: dict[str, Any]) -> None:
        """How much, how often, and in which form the document says it."""
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
                row["amount"] = {"up_to": self.sum_in("most", "请填写最高限额（元）")}
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

    def _by_stage(self, stages: Iterable[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for stage in stages:
            text = self.text(f"amount-{stage}")
            if not text:
                self.wrong(f"amount-{stage}", f"请填写{stage}的金额（元）")
            elif ":" in text or "：" in text:
                table: dict[str, Any] = {}
                for part in parts(text):
                    words, _colon, sum_text = part.partition(":")
                    grades, sum_ = grades_of(words), money_of(sum_text)
                    if grades is None or sum_ is None:
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
            mean = self.sum_in("average", "请填写平均标准（元）")
            row["amount"] = {"average": mean} | ({"range": span} if None not in span else {})
        else:
            if None in span:
                self.wrong("low", "请填写最低和最高金额（元）")
            row["amount"] = {"range": span}
