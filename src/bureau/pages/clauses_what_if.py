"""条款推演: raise, widen, merge or confirm clauses and see cost and heads by stage, township, school and clause; nothing is saved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from time import perf_counter
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from django.views.decorators.http import require_POST

from bureau.entitlements import clause_actions, clause_yaml, queries, rules
from bureau.entitlements.clause_children import Children, children_of
from bureau.pages.access import SignedIn, page
from bureau.pages.cells import said
from bureau.pages.clauses_compare import bill_lines
from bureau.pages.clauses_edit import plan_texts
from bureau.pages.clauses_form import known_names, money_of
from bureau.pages.clauses_words import amount_words, condition_words, grade_words, reaches
from bureau.pages.context import Page, current, show
from bureau.pages.export import export
from bureau.pages.sign_in import client_address
from bureau.pages.table import Column, Table
from bureau.people.queries import townships
from bureau.people.rules import Permission, Refused, why_not
from junheng.aid.plan import Plan, compile_plan
from junheng.aid.whatif import Bill, bill, by_school, confirmed, merged, raised, widened
from junheng.policy.clauses import STAGES, AnyOf, Book, Clause, Condition, FactIs

CHANGES = {
    "raise": N("提标：改金额"),
    "widen": N("扩面：再加上这些学生"),
    "merge": N("并项：只享受最高一项"),
    "confirm": N("假如已确认：待确认的照发"),
}
VIEWS = {"stage": N("按学段"), "clause": N("按条款"), "township": N("按乡镇"), "school": N("按学校")}


@dataclass(frozen=True)
class Ground:
    """推演的起点: the county's book on a day, compiled, and what it costs for the children."""

    plan: Plan
    bill: Bill
    schools: Mapping[str, tuple[int, int]]


@dataclass
class Wish:
    """要推演的改动, as the address says it; `problems` are sentences."""

    clause: str
    change: str
    day: date
    amounts: dict[str, str] = field(default_factory=dict)
    more: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    problems: list[str] = field(default_factory=list)


_grounds: dict[tuple[str, str, date], Ground] = {}


def _ground(book: Book, children: Children, day: date) -> Ground:
    """Made once for each book, day and set of children; the few newest are kept."""
    key = (book.version, children.version, day)
    if key not in _grounds:
        while len(_grounds) >= 8:
            _grounds.pop(next(iter(_grounds)))
        plan = compile_plan(book, day)
        _grounds[key] = Ground(plan, bill(children.cube, plan), by_school(children.cube, plan))
    return _grounds[key]


def _wish(request: SignedIn, book: Book, day: date) -> Wish:
    get = request.GET
    ids = {clause.id for clause in book.clauses}
    found = Wish(get.get("clause", ""), get.get("change", "raise"), day)
    if found.clause not in ids:
        found.clause = ""
    if found.change not in CHANGES:
        found.change = "raise"
    found.amounts = {
        stage: get.get(f"amount-{stage}", "").strip() for stage in STAGES if get.get(f"amount-{stage}")
    }
    found.more = tuple(name for name in get.getlist("more") if name in known_names(book))
    found.others = tuple(name for name in get.getlist("other") if name in ids and name != found.clause)
    return found


def changed(book: Book, wish: Wish, county: str) -> Book | None:
    """The book with the change; None while nothing has been asked for. What is wrong is added to the wish's problems."""
    if not wish.clause:
        return None
    clause = book.clause(wish.clause)
    match wish.change:
        case "raise":
            fen = {}
            for stage, text in wish.amounts.items():
                sum_ = money_of(text)
                if stage not in clause.stages:
                    continue
                if sum_ is None:
                    wish.problems.append(f"{stage}的金额“{text[:20]}”不是大于0的数，请写成 2000 或 0.2万")
                else:
                    fen[stage] = round(sum_ * 100) * clause.near(wish.day).units
            if not fen or wish.problems:
                return None
            if clause.near(wish.day).form not in ("fixed", "up_to"):
                wish.problems.append("这一条没有固定金额（据实、平均数或幅度），不能直接改金额；请先起草分档")
                return None
            return raised(book, wish.clause, fen)
        case "widen":
            more = _any_of(book, wish.more)
            return widened(book, wish.clause, more) if more else None
        case "merge":
            if not wish.others:
                return None
            names = (wish.clause, *wish.others)
            capped = [
                group for group in map(book.groups.get, {book.clause(one).group for one in names}) if group
            ]
            if any(group.cap is not None for group in capped):
                wish.problems.append("其中有条款属于设了合计上限的互斥组，不能在这里并项；请打开条款起草")
                return None
            return merged(book, names, _("推演并项"))
        case _:
            if clause.near(wish.day).payable_in(county):
                wish.problems.append("这一条没有待确认的事项，已经照发")
                return None
            return confirmed(book, wish.clause, _("推演"))


def _any_of(book: Book, names: tuple[str, ...]) -> Condition | None:
    definitions = {name: part for pack in book.packs for name, part in pack.definitions.items()}
    parts: list[Condition] = [definitions.get(name) or FactIs(name) for name in names]
    return None if not parts else parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


@page(Permission.SEE_AID, but=("school", "township"))
def panel(request: SignedIn) -> HttpResponseBase:
    """Choose a clause and a change; the address holds all of it."""
    here = current(request)
    day = _day(request)
    book = queries.county_book(here.county_code)
    children = children_of(here.county_code, here.on)
    clauses = [
        one
        for one in book.clauses
        if reaches(one, here.county_code) and one.on(day) and one.stages != ("教职工",)
    ]
    wish = _wish(request, book, day)
    view = request.GET.get("view", "stage")
    view = view if view in VIEWS else "stage"
    start = perf_counter()
    after_book = changed(book, wish, here.county_code) if children else None
    context: dict[str, Any] = {}
    if children:
        ground = _ground(book, children, day)
        plan = compile_plan(after_book, day, ground.plan) if after_book else ground.plan
        after = bill(children.cube, plan, ground.bill) if after_book else ground.bill
        schools = by_school(children.cube, plan) if after_book else ground.schools
        rows = _rows(here, view, ground, after, schools)
        table = _table(request, view, rows)
        if table.wants_export:
            return export(request, table, title=_("条款推演"))
        context = {
            "table": table,
            **_sums(ground, after, wish.clause),
            "chart": _chart(ground.bill, after, wish.clause),
        }
    clause = book.clause(wish.clause) if wish.clause else None
    opened = queries.open_pack(here.county_code)
    answer = show(
        request,
        "aid/clauses_what_if_result.html" if getattr(request, "htmx", False) and request.GET.get("part") else "aid/clauses_what_if.html",
        title=_("条款推演"),
        crumbs=[(_("资助条款"), reverse("clauses"))],
        children=children,
        clauses=clauses,
        clause=clause,
        clause_words=_clause_words(clause, book, day) if clause else None,
        after_words=_clause_words(after_book.clause(wish.clause), after_book, day) if clause and after_book else None,
        wish=wish,
        changed=after_book is not None,
        changes=CHANGES,
        stages=[(stage, wish.amounts.get(stage, ""), _now(clause, stage, day)) for stage in clause.stages] if clause else [],
        names=[(name, meaning, name in wish.more) for name, meaning in known_names(book).items()],
        others=[(one, one.id in wish.others) for one in clauses if clause and one.id != clause.id and set(one.stages) & set(clause.stages)],
        view=view,
        views=[(key, words, _address(request, view=key)) for key, words in VIEWS.items()],
        day=day,
        seconds=round((perf_counter() - start) * 1000),
        why_not_draft=rules.why_not_edit_pack(role=request.user.role, open_state=str(opened.state) if opened else ""),
        may_edit=why_not(request.user.role, Permission.CHANGE_PACKS) is None,
        query=request.GET.urlencode(),
        **context,
    )  # fmt: skip
    answer["Vary"] = "HX-Request"
    answer["HX-Replace-Url"] = _address(request)
    return answer


def _day(request: SignedIn) -> date:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return localdate()


def _address(request: SignedIn, **changes: str) -> str:
    query = request.GET.copy()
    for name in ("part", "page", "sort", "q"):
        query.pop(name, None)
    for name, value in changes.items():
        query[name] = value
    return f"{request.path}?{query.urlencode()}"


def _now(clause: Clause | None, stage: str, day: date) -> str:
    if clause is None:
        return ""
    rate = clause.near(day)
    fens = sorted({fen for (place, _grade), fen in rate.fen.items() if place == stage})
    return "—".join(
        f"{fen / rate.units / 100:g}" for fen in (fens[:1] + fens[-1:] if len(fens) > 1 else fens)
    )


def _clause_words(clause: Clause, book: Book, day: date) -> dict[str, str]:
    rate = clause.near(day)
    group = book.groups.get(clause.group)
    return {
        "name": clause.name,
        "stages": grade_words(rate, clause.stages),
        "condition": condition_words(clause.condition),
        "amount": "；".join(amount_words(clause, rate)),
        "group": group.title if group else "",
    }


def _rows(
    here: Page, view: str, ground: Ground, after: Bill, schools: Mapping[str, tuple[int, int]]
) -> list[dict[str, Any]]:
    match view:
        case "clause":
            lines, _totals = bill_lines(ground.bill, after)
            return [
                {**line, "link": reverse("clause", args=[line["id"]])}
                for line in lines
                if line["before"] or line["after"] or line["heads"] or line["heads_before"]
            ]
        case "stage":
            return _by_stage(ground.bill, after)
        case _:
            return _by_place(here, view, ground.schools, schools)


def _by_stage(before: Bill, after: Bill) -> list[dict[str, Any]]:
    rows = []
    given = [[clause.kind != "loan" for clause in one.plan.clauses] for one in (before, after)]
    for place, stage in enumerate(STAGES):
        fen = [int(one.fen[:, place, keep].sum()) for one, keep in zip((before, after), given, strict=True)]
        heads = [
            int(one.heads[:, place, keep].sum()) for one, keep in zip((before, after), given, strict=True)
        ]
        if any(fen) or any(heads):
            rows.append(_line(stage, said(stage), fen, heads))
    return rows


def _by_place(
    here: Page, view: str, before: Mapping[str, tuple[int, int]], after: Mapping[str, tuple[int, int]]
) -> list[dict[str, Any]]:
    places = {
        code: (name, township)
        for code, name, township in here.schools().values_list("school_code", "school_name", "township_code")
    }
    if view == "school":
        return [
            _line(code, places.get(code, (_("县外就读"), ""))[0], [before[code][0], after[code][0]], [before[code][1], after[code][1]])
            for code in before
        ]  # fmt: skip
    names = dict(townships(here.county_code).values_list("code", "name"))
    found: dict[str, list[int]] = {}
    for code in before:
        sums = found.setdefault(places.get(code, ("", ""))[1], [0, 0, 0, 0])
        for place, value in enumerate((before[code][0], after[code][0], before[code][1], after[code][1])):
            sums[place] += value
    return [_line(code, names.get(code, _("县外就读")), sums[:2], sums[2:]) for code, sums in found.items()]


def _line(key: str, name: str, fen: list[int], heads: list[int]) -> dict[str, Any]:
    return {
        "id": key,
        "name": name,
        "heads_before": heads[0],
        "heads": heads[1],
        "before": fen[0] / 100,
        "after": fen[1] / 100,
        "difference": (fen[1] - fen[0]) / 100,
    }


def _table(request: SignedIn, view: str, rows: list[dict[str, Any]]) -> Table:
    heads = _("人次") if view in ("stage", "clause") else _("受助学生")
    link = (lambda row: str(row["link"])) if view == "clause" else None
    return Table(
        request,
        f"clauses-what-if-{view}",
        (
            Column("name", {"stage": _("学段"), "clause": _("条款"), "township": _("乡镇"), "school": _("学校")}[view], link=link),
            Column("heads_before", _("原%(what)s") % {"what": heads}, "number", total=view != "clause"),
            Column("heads", _("现%(what)s") % {"what": heads}, "number", total=view != "clause"),
            Column("before", _("原金额"), "number", unit=_("元/年"), digits=2, total=view != "clause"),
            Column("after", _("现金额"), "number", unit=_("元/年"), digits=2, total=view != "clause"),
            Column("difference", _("相差"), "number", unit=_("元/年"), digits=2, total=view != "clause"),
        ),
        rows,
        what=_("行"),
        search=("name",) if view in ("school", "clause") else None,
        search_hint=_("名称"),
        page_size=200,
        caption=_("推演结果"),
        empty=_("没有涉及的学生。"),
    )  # fmt: skip


def _sums(ground: Ground, after: Bill, clause: str) -> dict[str, Any]:
    _lines, (before, now_) = bill_lines(ground.bill, after)
    found = {"before": before, "after": now_, "difference": now_ - before}
    if clause:
        old, new = (one.by_clause().get(clause, (0, 0)) for one in (ground.bill, after))
        found |= {
            "clause_before": old[0] / 100,
            "clause_after": new[0] / 100,
            "heads_before": old[1],
            "heads_after": new[1],
        }
    return {"sums": found}


def _chart(before: Bill, after: Bill, clause: str) -> dict[str, Any]:
    """Cost by stage before and after: of the clause, when one is chosen and counts, and of all together."""
    rows = [row for row in _by_stage(before, after) if row["id"] != "教职工"]
    return {
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}, "valueFormatter": "number"},
        "legend": {"top": 0, "right": 0},
        "grid": {"left": 12, "right": 24, "top": 36, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "category", "data": [row["name"] for row in rows]},
        "yAxis": {"type": "value", "axisLabel": {"formatter": "number"}},
        "series": [
            {
                "name": words,
                "type": "bar",
                "barMaxWidth": 64,
                "barGap": "8%",
                "labelLayout": {"hideOverlap": True},
                "label": {"show": True, "position": "top", "formatter": "number"},
                "itemStyle": {"color": colour, **({"decal": {"symbol": "rect", "rotation": 0.8}} if key == "before" else {})},
                "data": [row[key] for row in rows],
            }
            for words, key, colour in ((_("原来"), "before", "#8592a0"), (_("推演后"), "after", "#14538f"))
        ],
    }  # fmt: skip


@require_POST
@page(Permission.CHANGE_PACKS, but=("school", "township"))
def draft(request: SignedIn) -> HttpResponse:
    """Put the change into the county's draft; the clerk then writes its source, and a second person confirms."""
    here, posted = current(request), request.POST
    request.GET = posted  # the same names, from the same form
    day = _day(request)
    book = queries.county_book(here.county_code)
    wish = _wish(request, book, day)
    back = f"{reverse('clauses-what-if')}?{posted.get('query', '')}"
    after = changed(book, wish, here.county_code)
    if wish.problems or after is None or wish.change == "confirm":
        messages.error(
            request,
            "；".join(wish.problems) or _("先选择条款和改动，再起草；待确认的事项请在条款页面由两人确认"),
        )
        return HttpResponseRedirect(back)
    who: dict[str, Any] = {
        "texts": plan_texts(here.county_code),
        "by": request.user,
        "at": now(),
        "address": client_address(request),
    }
    reason = posted.get("reason", "")
    try:
        if wish.change == "merge":
            names = "、".join(book.clause(one).name for one in (wish.clause, *wish.others))
            clause_actions.replace_groups(
                county_code=here.county_code,
                clause_ids=[one.partition("/")[0] for one in (wish.clause, *wish.others)],
                title=names[:60],
                reason=reason,
                **who,
            )
        else:
            row, document = _row(here, book, wish)
            clause_actions.put_clause(
                county_code=here.county_code,
                row=row,
                document=document,
                replaces=wish.clause.partition("/")[0],
                since=day,
                responsible=request.user.display_name,
                reason=reason,
                **who,
            )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(back)
    messages.success(request, _("已存入草稿；请补写所依据的文件和引文，再送复核"))
    return HttpResponseRedirect(reverse("clauses-draft"))  # fmt: skip


def _row(here: Page, book: Book, wish: Wish) -> tuple[dict[str, Any], tuple[str, str]]:
    """The clause's row with the change; its source stays the one before until the clerk writes the new one."""
    opened = queries.open_pack(here.county_code) or queries.pack_in_force(here.county_code)
    pack = (
        clause_yaml.read(opened.text)
        if opened
        else clause_yaml.new_pack(here.county_code, here.county_name, [])
    )
    row = clause_yaml.row_of(pack, queries.shipped_raws(), wish.clause)
    if row is None or row.get("tiers"):
        raise Refused("分档的条款请直接打开条款起草")
    made = clause_yaml.normal(row)
    last = {key: value for key, value in made.pop("rates")[-1].items() if key not in ("since", "until")}
    made |= last
    made.pop("examples", None)
    made["kind"] = made.get("kind") or "cash"
    clause = book.clause(wish.clause)
    if wish.change == "raise":
        amount = made["amount"]
        amounts = dict(amount) if isinstance(amount, dict) else dict.fromkeys(clause.stages, amount)
        made["amount"] = amounts | {
            stage: money_of(text) for stage, text in wish.amounts.items() if stage in clause.stages
        }
    else:
        made["when"] = (
            {"any": [made["when"], *wish.more]} if made.get("when") is not None else made.get("when")
        )
    document = book.documents[str(made["document"])]
    made["status"] = "V3"
    return made, (document.number, document.title)
