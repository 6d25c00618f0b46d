"""条款推演: raise, widen, merge or confirm clauses and see cost and heads by stage, township, school and clause; nothing is saved."""

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
from bureau.entitlements.clause_children import children_of
from bureau.pages.access import SignedIn, page
from bureau.pages.clauses_edit import plan_texts
from bureau.pages.clauses_what_if_rows import (
    chart_of,
    ground_of,
    now_paid,
    rows_of,
    sums_of,
    table_of,
    words_of,
)
from bureau.pages.clauses_words import known_names, money_of, reaches
from bureau.pages.context import Page, current, show
from bureau.pages.export import export
from bureau.pages.sign_in import client_address
from bureau.people.rules import Permission, Refused, why_not
from junheng.aid.plan import compile_plan
from junheng.aid.whatif import bill, by_school, confirmed, merged, raised, widened
from junheng.policy.clauses import STAGES, AnyOf, Book, Condition, FactIs

CHANGES = {
    "raise": N("提标：改金额"),
    "widen": N("扩面：再加上这些学生"),
    "merge": N("并项：只享受最高一项"),
    "confirm": N("假如已确认：待确认的照发"),
}
VIEWS = {"stage": N("按学段"), "clause": N("按条款"), "township": N("按乡镇"), "school": N("按学校")}


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
        ground = ground_of(book, children, day)
        cube = ground.bill.cube  # that one remembers how plans see it
        plan = compile_plan(after_book, day, ground.plan) if after_book else ground.plan
        after = bill(cube, plan, ground.bill) if after_book else ground.bill
        schools = by_school(cube, plan) if after_book else ground.schools
        rows = rows_of(here, view, ground, after, schools)
        table = table_of(request, view, rows)
        if table.wants_export:
            return export(request, table, title=_("条款推演"))
        context = {
            "table": table,
            **sums_of(ground, after, wish.clause),
            "chart": chart_of(ground.bill, after, wish.clause),
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
        clause_words=words_of(clause, book, day) if clause else None,
        after_words=words_of(after_book.clause(wish.clause), after_book, day) if clause and after_book else None,
        wish=wish,
        changed=after_book is not None,
        changes=CHANGES,
        stages=[(stage, wish.amounts.get(stage, ""), now_paid(clause, stage, day)) for stage in clause.stages] if clause else [],
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
