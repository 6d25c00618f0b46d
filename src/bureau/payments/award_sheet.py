"""资助名单表: awards of one round from Excel, found in the registers, with every problem at once."""

from collections.abc import Callable
from dataclasses import dataclass

from bureau.payments import award_queries as queries
from bureau.payments import money
from bureau.payments.award_actions import Proposal
from bureau.payments.models import AwardRound
from bureau.payments.persons import Asked, find
from bureau.payments.sheet_reading import Wanted, read_table

COLUMNS = (
    Wanted("number", "学籍号", ("全国学籍号", "学籍号码"), needed=False, note="学籍号、身份证件号、姓名和学校，至少能认出一人", width=24),
    Wanted("id_number", "身份证件号", ("身份证号", "身份证号码", "公民身份号码"), needed=False, width=24),
    Wanted("name", "姓名", ("学生姓名", "教师姓名")),
    Wanted("school", "学校", ("学校名称", "就读学校", "任教学校"), needed=False, width=26),
    Wanted("clause", "资助项目", ("项目", "条款"), needed=False, note="可不填；填了须与本批一致", width=22),
    Wanted("amount", "金额", ("资助金额", "发放金额", "金额（元）"), note="单位：元，本学期应发", yuan=True),
    Wanted("basis", "认定依据", ("依据", "备注"), needed=False, width=30),
)  # fmt: skip
GONE = ("死亡", "转出", "毕业", "开除")


@dataclass(frozen=True, slots=True)
class Found:
    """读到的名单."""

    proposals: list[Proposal]
    problems: list[str]
    warnings: list[str]

    @property
    def summary(self) -> str:
        """What would be proposed."""
        return f"{len(self.proposals):,} 人，合计 {money.yuan(sum(one.fen for one in self.proposals))} 元"


def read(
    round: AwardRound, name: str, content: bytes, *, progress: Callable[[float], None] = lambda share: None
) -> Found:
    """读名单. Warnings are amounts that look like 万元 and amounts above what the clause grants."""
    table = read_table(name, content, COLUMNS, progress=progress)
    found = Found([], table.problems, [])
    usual = queries.usual_fen(round.county_code, round.clause, round.term)
    asked = [
        Asked(row.text("number"), row.text("id_number"), row.text("name"), row.text("school"))
        for row in table.rows
    ]
    people = find(round.county_code, round.person_kind, asked)
    seen: dict[str, int] = {}
    for done, (row, person) in enumerate(zip(table.rows, people, strict=True)):
        if done % 500 == 0:
            progress(0.5 + done / max(len(people), 1) / 2)
        fen = money.fen_of(row.raw("amount"))
        if isinstance(fen, str):
            table.problem(row, "金额", fen)
        elif warning := money.magnitude_warning(fen, usual) or _above(fen, usual):
            found.warnings.append(f"第{row.number}行“金额”：{warning}")
        clause = row.text("clause")
        if clause and clause not in (round.clause, round.clause_name):
            table.problem(row, "资助项目", f"“{clause}”不是本批的“{round.clause_name}”，请另开一批")
        if isinstance(person, str):
            table.problem(row, "姓名", person)
            continue
        if person.key in seen:
            table.problem(row, "姓名", f"“{person.name}”与第{seen[person.key]}行是同一人，请删去一行")
        seen.setdefault(person.key, row.number)
        if person.status in GONE:
            table.problem(row, "姓名", f"“{person.name}”学籍状态是“{person.status}”，不能列入")
        if isinstance(fen, int):
            found.proposals.append(Proposal(person, fen, row.text("basis")))
    return found


def _above(fen: int, usual: int) -> str | None:
    if usual and fen > usual:
        return f"金额 {money.yuan(fen)} 元高于这一条本学期最高的 {money.yuan(usual)} 元，请核对"
    return None
