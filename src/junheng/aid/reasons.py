"""理由 (reasons): one Chinese sentence for each outcome: what, why, by which document, and what would change it."""

from collections.abc import Mapping
from datetime import date

from junheng.aid.model import (
    AREA_FACT,
    CUT,
    GRADE_FACT,
    LOST,
    NOT_IN_FORCE,
    NOT_MET,
    OTHER_AREA,
    OTHER_GRADE,
    OTHER_STAGE,
    PAID,
    UNCONFIRMED,
    UNKNOWN_STATE,
    Child,
    Outcome,
)
from junheng.policy.clauses import (
    GROUP_RULES,
    KINDS,
    NO,
    PERS,
    UNKNOWN,
    YES,
    AllOf,
    AnyOf,
    Book,
    Clause,
    Condition,
    FactIs,
    Named,
    Not,
    Rate,
    judge,
)

_OF_KIND = {"cash": "", "waiver": "免", "in_kind": "折合", "loan": "不超过"}


def money(fen: int) -> str:
    """“1250元”, “62.5元”."""
    return f"{fen // 100}元" if fen % 100 == 0 else f"{fen / 100:.2f}".rstrip("0") + "元"


def period(rate: Rate) -> str:
    """“year” or “once”: how a total counts the rate."""
    return "once" if rate.per == "once" else "year"


def amount(clause: Clause, rate: Rate, fen: int) -> str:
    """The amount in words: “每年1000元”, “据实免除”, “每年200—4000元”."""
    when = "一次性" if rate.per == "once" else "每年"
    if rate.form == "actual":
        return "据实免除" if clause.kind == "waiver" else "按实际核定"
    if rate.form == "range":
        return f"{when}{rate.low // 100}—{money(rate.high)}"
    if not fen:
        return "按年级定额"
    text = f"{when}{_OF_KIND[clause.kind]}{money(fen)}"
    if rate.form == "average":
        span = f"，幅度{rate.low // 100}—{money(rate.high)}" if rate.high else ""
        return f"平均{text}{span}"
    if rate.per in ("day", "month", "term"):
        each = fen // rate.units
        text += f"（{PERS[rate.per]}{money(each)}×{rate.units}）"
    return text


def why(book: Book, child: Child, outcome: Outcome, on: date) -> str:
    """理由一句: ends with 。"""
    clause = book.clause(outcome.clause)
    rate = clause.on(on)
    source = f"依据{book.cite(clause.near(on))}"
    if outcome.state in (OTHER_AREA, OTHER_STAGE, NOT_IN_FORCE, OTHER_GRADE) or rate is None:
        return f"{_elsewhere(clause, child, outcome, on, book)}；{source}。"
    facts = book.facts_on(child.county, on, child.facts)
    sum_ = amount(clause, rate, outcome.due)
    body, change = _inside(book, clause, rate, outcome, facts, child, sum_)
    limit = f"（最多享受{clause.years}年）" if clause.years and outcome.state in (PAID, CUT) else ""
    return f"{body}{limit}；{source}；{change}。"


def missing(book: Book, child: Child, clause: Clause, on: date) -> list[str]:
    """What is not known and could change the answer: facts, 年级, 县区."""
    return _gaps(clause, clause.on(on), book.facts_on(child.county, on, child.facts), child)


def _gaps(clause: Clause, rate: Rate | None, facts: Mapping[str, bool | None], child: Child) -> list[str]:
    found = list(dict.fromkeys(_unknown(clause.condition, facts)))
    if rate is not None and child.grade == 0 and not rate.takes(child.stage, 0):
        found.append(GRADE_FACT)
    if not child.county and "" not in clause.areas:
        found.append(AREA_FACT)
    return found


def _elsewhere(clause: Clause, child: Child, outcome: Outcome, on: date, book: Book) -> str:
    if outcome.state == OTHER_AREA:
        names = "、".join(book.areas.get(area, area) for area in clause.areas)
        here = book.areas.get(child.county, child.county)
        return f"不适用：本条只在{names}执行，该生在{here}，转入当地就读后才适用"
    if outcome.state == OTHER_STAGE:
        stages = "、".join(clause.stages)
        return f"不适用：本条资助{stages}学生，该生在{child.stage}，到该学段后再判断"
    if outcome.state == OTHER_GRADE:
        rate = clause.on(on) or clause.rates[-1]
        low, high = rate.grades.get(child.stage, (1, 9))
        span = f"{low}年级" if low == high else f"{low}年级及以上" if high >= 9 else f"{low}至{high}年级"
        return f"不适用：本条只资助{child.stage}{span}，该生年级不在此列"
    first, last = clause.rates[0], clause.rates[-1]
    if first.since and on < first.since:
        return f"不适用：{first.since}起施行，{on}尚未施行"
    return f"不适用：{last.until}止，{on}已不在有效期，须有新文件才能继续"


def _inside(
    book: Book,
    clause: Clause,
    rate: Rate,
    outcome: Outcome,
    facts: Mapping[str, bool | None],
    child: Child,
    sum_: str,
) -> tuple[str, str]:
    """(what and why, what would change the answer) where the clause applies."""
    state, condition = outcome.state, clause.condition
    if state == NOT_MET:
        body = f"不享受：{_deciding(condition, facts, NO)}"
        return body, f"若{_needed(condition, facts)}，则{sum_}"
    if state == UNKNOWN_STATE:
        gaps = _gaps(clause, rate, facts, child)
        body = f"待查：不知道{'、'.join(gaps)}（没有填写）"
        group = book.groups.get(clause.group)
        rule = f"（{group.title}{GROUP_RULES[group.rule]}）" if group and group.settled else ""
        return body, f"查明后若{_wanted(condition, facts, gaps)}，则{sum_}{rule}，否则不享受"
    grounds = _deciding(condition, facts, YES)
    if state == UNCONFIRMED:
        ruled = book.groups.get(outcome.by)
        open_question = ruled.assumption if ruled else rate.assumption
        body = f"暂不发放：条件符合（{grounds}），但{open_question}"
        return body, f"经指定人员确认后方可发放，金额{sum_}"
    if state == LOST:
        winner, shared = book.clause(outcome.by), book.groups[clause.group]
        body = f"不另发：条件符合（{grounds}），但已享受“{winner.name}”，{shared.basis or shared.title}"
        return body, f"若不享受“{winner.name}”，则{sum_}"
    change = _loss(condition, facts)
    if state == CUT:
        body = f"享受{money(outcome.fen)}：{grounds}，应为{sum_}，因上限核减"
        return body, f"上限提高则按{sum_}；{change}"
    if clause.kind == "loan":
        return f"可申请{KINDS[clause.kind]}，{sum_}：{grounds}", change
    return f"享受{KINDS[clause.kind]}，{sum_}：{grounds}", change


def _deciding(condition: Condition, facts: Mapping[str, bool | None], value: int) -> str:
    """The facts that make the condition what it is: “建档立卡、低保为“否””."""
    found: dict[str, bool] = {}
    names: list[str] = []
    _collect(condition, facts, value, found, names)
    if not found:
        return "本条不另设条件" if value == YES else "条件不符"
    parts = []
    for truth, word in ((True, "是"), (False, "否")):
        held = [fact for fact, known in found.items() if known is truth]
        if held:
            parts.append(f"{'、'.join(held)}为“{word}”")
    label = f"不属于{'、'.join(dict.fromkeys(names))}，" if names and value == NO else ""
    return label + "，".join(parts)


def _collect(
    condition: Condition,
    facts: Mapping[str, bool | None],
    value: int,
    found: dict[str, bool],
    names: list[str],
) -> None:
    """The facts on which the value rests; for a true "any" all true parts, for a false "all" all false parts."""
    match condition:
        case FactIs(fact):
            known = facts.get(fact)
            if known is not None:
                found[fact] = known
        case Not(part):
            _collect(part, facts, YES - value, found, names)
        case Named(name, part):
            if value == NO:
                names.append(name)
            _collect(part, facts, value, found, names)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                if judge(part, facts) == value:
                    _collect(part, facts, value, found, names)


def _needed(condition: Condition, facts: Mapping[str, bool | None]) -> str:
    """What would have to be so for the condition to hold, from where it stands."""
    match condition:
        case FactIs(fact):
            return f"{fact}为“是”"
        case Not(part):
            return f"不{_needed(part, facts)}" if not isinstance(part, FactIs) else f"{part.fact}为“否”"
        case Named(_, part):
            return _needed(part, facts)
        case AllOf(parts):
            return "且".join(_needed(part, facts) for part in parts if judge(part, facts) != YES)
        case AnyOf(parts):
            plain = [part.fact for part in parts if isinstance(part, FactIs)]
            rest = [_needed(part, facts) for part in parts if not isinstance(part, FactIs)]
            some = f"{'、'.join(plain)}之一为“是”" if len(plain) > 1 else f"{''.join(plain)}为“是”"
            words = [some] if plain else []
            return "，或".join(words + rest)


def _bracket(part: Condition, facts: Mapping[str, bool | None]) -> str:
    return _needed(part, facts)


def _wanted(condition: Condition, facts: Mapping[str, bool | None], gaps: list[str]) -> str:
    """What an unknown condition waits for."""
    if judge(condition, facts) == UNKNOWN:
        return _needed(_pruned(condition, facts), facts)
    return f"{'、'.join(gaps)}符合本条范围"


def _pruned(condition: Condition, facts: Mapping[str, bool | None]) -> Condition:
    """The condition without the alternatives that are already excluded."""
    match condition:
        case Named(_, part):
            return _pruned(part, facts)
        case AnyOf(parts):
            open_parts = tuple(_pruned(part, facts) for part in parts if judge(part, facts) == UNKNOWN)
            return open_parts[0] if len(open_parts) == 1 else AnyOf(open_parts)
        case AllOf(parts):
            return AllOf(tuple(_pruned(part, facts) for part in parts if judge(part, facts) == UNKNOWN))
        case _:
            return condition


def _loss(condition: Condition, facts: Mapping[str, bool | None]) -> str:
    """What would end it."""
    found: dict[str, bool] = {}
    _collect(condition, facts, YES, found, [])
    if not found:
        return "毕业、转出或标准调整后重新判断"
    true = [fact for fact, known in found.items() if known]
    false = [fact for fact, known in found.items() if not known]
    parts = [f"{'、'.join(true)}不再为“是”"] if true else []
    parts += [f"{'、'.join(false)}变为“是”"] if false else []
    return f"若{'，或'.join(parts)}，则重新判断"


def _unknown(condition: Condition, facts: Mapping[str, bool | None]) -> list[str]:
    """The unknown facts on which an unknown condition rests."""
    if judge(condition, facts) != UNKNOWN:
        return []
    match condition:
        case FactIs(fact):
            return [fact]
        case Not(part) | Named(_, part):
            return _unknown(part, facts)
        case AllOf(parts) | AnyOf(parts):
            return [fact for part in parts for fact in _unknown(part, facts)]
