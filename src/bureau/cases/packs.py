"""台账定义在本县: the county's own text where it has one in force, else the one that comes with the program."""

from collections.abc import Iterable
from dataclasses import dataclass

from bureau.cases.models import Case, PackVersion
from bureau.people.rules import Refused
from junheng.detecting import problems_of as sql_and_structure
from junheng.policy.ledgers import Ledger, LedgerProblem, parse, shipped, version_of

NEW = "new"
# What stands in addresses where a code would stand.
RESERVED = (NEW, "compare")


@dataclass(frozen=True, slots=True)
class PackLine:
    """一个台账定义 in the list. `source` 随系统 or 本县; `draft` waits for a second person."""

    code: str
    title: str
    group: str
    version: str
    source: str
    draft: PackVersion | None


def texts(county_code: str) -> dict[str, str]:
    """{code: text in force}."""
    own = dict(
        PackVersion.objects.filter(county_code=county_code, state=PackVersion.State.IN_FORCE).values_list(
            "code", "text"
        )
    )
    return {**shipped(), **own}


def ledgers(county_code: str) -> list[Ledger]:
    """各台账 in force, by group and title of the pack's order."""
    return sorted(
        (parse(text) for text in texts(county_code).values()), key=lambda ledger: (ledger.group, ledger.code)
    )


def ledger(county_code: str, code: str) -> Ledger:
    """台账 in force. Raises Refused when there is none of this code."""
    own = PackVersion.objects.filter(county_code=county_code, code=code, state=PackVersion.State.IN_FORCE)
    text = next(iter(own.order_by().values_list("text", flat=True)), None) or shipped().get(code)
    if text is None:
        raise Refused(f"没有台账“{code}”")
    return parse(text)


def lines(county_code: str) -> list[PackLine]:
    """台账定义列表."""
    own = {
        row.code: row
        for row in PackVersion.objects.filter(county_code=county_code, state=PackVersion.State.IN_FORCE)
    }
    drafts = {
        row.code: row
        for row in PackVersion.objects.filter(
            county_code=county_code, state=PackVersion.State.DRAFT
        ).select_related("by")
    }
    found = []
    for code, text in texts(county_code).items():
        one = parse(text)
        source = "本县" if code in own else "随系统"
        found.append(PackLine(code, one.title, one.group, version_of(text), source, drafts.pop(code, None)))
    standing = {*drafts, *(line.code for line in found)}
    refused = {
        row.code: row.title
        for row in PackVersion.objects.filter(
            county_code=county_code, state=PackVersion.State.REFUSED
        ).order_by("number")
        if row.code not in standing
    }
    found += [PackLine(code, row.title, "", "", "新台账", row) for code, row in drafts.items()]
    found += [PackLine(code, title, "", "", "新台账，已退回", None) for code, title in refused.items()]
    return sorted(found, key=lambda line: (line.group, line.code))


def versions(county_code: str, code: str) -> Iterable[PackVersion]:
    """一个台账的历次修改, newest first."""
    return (
        PackVersion.objects.filter(county_code=county_code, code=code)
        .select_related("by", "checked_by")
        .order_by("-number")
    )


def problems(county_code: str, text: str, *, editing: str = "") -> tuple[LedgerProblem, ...]:
    """保存前的全部问题: structure, SQL, ledgers it passes to, and states that live cases still stand in.

    `editing` is the code whose page the text was written on, `NEW` on that of a new one: a copied text must not replace what it was
    copied from.
    """
    found = list(sql_and_structure(text))
    if found:
        return tuple(found)
    new = parse(text)
    if refusal := _why_not_code(county_code, new.code, editing):
        found.append(LedgerProblem(_line(text, new.code, key="code:"), "code", refusal))
    known = {*texts(county_code), new.code}
    for move in new.moves:
        if move.passes_to and move.passes_to not in known:
            found.append(
                LedgerProblem(
                    _line(text, move.name), f"办理“{move.title}”", f"转入的台账“{move.passes_to}”不存在"
                )
            )
    names = {state.name for state in new.states}
    live = Case.objects.filter(county_code=county_code, ledger=new.code).exclude(
        phase__in=["passed", "closed"]
    )
    standing: dict[str, int] = {}
    for state in live.values_list("state", flat=True):
        standing[state] = standing.get(state, 0) + 1
    for state, count in standing.items():
        if state not in names:
            found.append(
                LedgerProblem(1, "states", f"状态“{state}”里还有 {count} 件没有结束的个案，不能删去这个状态")
            )
    return tuple(found)


def _why_not_code(county_code: str, code: str, editing: str) -> str | None:
    if code in RESERVED:
        return f"“{code}”留作网址用，请换一个代码"
    if editing == NEW:
        drafts = PackVersion.objects.filter(county_code=county_code, code=code, state=PackVersion.State.DRAFT)
        if code in texts(county_code) or drafts.exists():
            return f"已有代码是“{code}”的台账，请换一个代码；要改那本台账，请到它的定义里点“修改”"
    elif editing and code != editing:
        return f"这里改的是台账“{editing}”，代码不能改；要另立一本，请从“新台账”开始"
    return None


def _line(text: str, name: str, key: str = "name:") -> int:
    for number, line in enumerate(text.splitlines(), 1):
        if key in line and name in line:
            return number
    return 1
