"""考核的故事: last year's assessment of the townships, published, with one appeal upheld and one not; this year's half scored.

Everything goes through the same actions as on the pages, on the days of the story. Reasons and points are made up.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

from bureau.people.kept import Upload
from bureau.people.models import Organisation, User
from bureau.performance import actions, appeal_actions, queries, score_actions
from bureau.performance.drafting import Head, Line
from bureau.performance.models import Scheme, Score
from bureau.performance.score_actions import Entry
from bureau.plans.task_queries import acts_for

D = Decimal
_NOTE = b"%PDF-1.4 made up for the demo"


def performance_story(county: str, *, at: datetime, seed: int = 7) -> int:
    """Two years of assessing the townships and a draft for the offices; answers how many schemes there are then."""
    if Scheme.objects.filter(county_code=county).exists():
        return 0
    suffix = "" if county == "640324" else f"-{county}"
    names = ("leader", "basic", "inspector", "inspector2", "township")
    people = {name: User.objects.get(username=f"{name}{suffix}") for name in names}
    today, chance = at.date(), Random(f"{seed} {county}")
    year = today.year
    published = min(date(year, 1, 20), today - timedelta(days=40))
    last = _drawn_up(county, year - 1, people, published - timedelta(days=30))
    _scored(last, people, published - timedelta(days=6), chance, share=1.0)
    last = actions.publish(scheme=last, by=people["leader"], at=_at(published), today=published)
    _appeals(last, people, published + timedelta(days=2))
    closed = (last.appeal_until or published) + timedelta(days=3)
    if closed < today:
        actions.close(scheme=last, by=people["leader"], at=_at(closed), today=closed)
    begun = today - timedelta(days=5)
    this = actions.copy(scheme=last, what=_head(year), by=people["basic"], at=_at(begun))
    this = actions.activate(scheme=this, by=people["leader"], at=_at(begun, 1))
    _scored(this, people, begun + timedelta(days=1), chance, share=0.6)
    _offices(county, year, people["basic"], _at(today))
    return Scheme.objects.filter(county_code=county).count()


def _head(year: int) -> Head:
    return Head(
        title=f"{year}年乡镇教育工作绩效考核方案（演示）",
        period=f"{year}年度",
        starts=date(year, 1, 1),
        ends=date(year, 12, 31),
        unit_kind="township",
        basis="演示：县教育工作领导小组年度考核安排",
    )


def _lines() -> list[Line]:
    return [
        Line("资源配置达标学校占比", D(25), "measure", measure="school.met_share", stage="义务教育", rule="proportional", target=D(100)),
        Line("高于规定学历教师占比", D(15), "measure", measure="teacher.qualified_share", stage="义务教育", rule="linear", floor=D(50), target=D(90)),
        Line("牵头任务按时完成率", D(20), "duties", rule="proportional", target=D(100)),
        Line("控辍保学台账", D(25), "evidence", "台账齐全 10 分，入户走访记录 10 分，劝返措施 5 分"),
        Line("宣传发动和控辍联席会议", D(15), "evidence", "会议纪要 8 分，宣传记录 7 分"),
        Line("迟报漏报", D(5), "deduction", "每迟报一次扣 0.5 分"),
        Line("弄虚作假", D(0), "veto", "查实有虚报数据的，一票否决"),
    ]  # fmt: skip


def _drawn_up(county: str, year: int, people: dict[str, User], day: date) -> Scheme:
    clerk = people["basic"]
    made = actions.draft(county_code=county, what=_head(year), by=clerk, at=_at(day))
    made = actions.edit(
        scheme=made, what=_head(year), lines=_lines(), units=list(made.units.all()),
        bands=[(name, least) for name, least in made.bands], appeal_days=made.appeal_days, by=clerk, at=_at(day, 1),
    )  # fmt: skip
    made = actions.confirm_bands(scheme=made, by=people["leader"], at=_at(day, 2))
    return actions.activate(scheme=made, by=people["leader"], at=_at(day, 3))


def _scored(scheme: Scheme, people: dict[str, User], day: date, chance: Random, *, share: float) -> None:
    """`share` of the cells typed and, where all are, checked by the second person."""
    clerk, second = people["basic"], people["inspector"]
    scheme = score_actions.start(scheme=scheme, by=clerk, at=_at(day), today=day)
    units = list(scheme.units.all())
    found = queries.scores(scheme, units)
    entries = []
    for unit in units:
        for criterion in scheme.criteria.all():
            score = found[unit.pk, criterion.pk]
            if score.computed or (share < 1 and chance.random() > share):
                continue
            entries.append(_entry(unit, score, chance))
    score_actions.score_many(scheme=scheme, entries=entries, by=clerk, at=_at(day, 2))
    typed = Score.objects.filter(criterion__scheme=scheme, by=clerk).values_list("pk", flat=True)
    checked = list(typed) if share == 1 else list(typed)[: len(entries) // 2]
    score_actions.check(scheme=scheme, scores=checked, by=second, at=_at(day + timedelta(days=2)))


def _entry(unit: Organisation, score: Score, chance: Random) -> Entry:
    criterion = score.criterion
    key = (unit.pk, criterion.pk)
    if criterion.source == "veto":
        return Entry(*key, D(0))
    if criterion.source == "deduction":
        times = chance.choice((0, 0, 0, 1, 2))
        return Entry(*key, D(times) / 2, f"迟报 {times} 次" if times else "")
    if criterion.source in ("measure", "duties"):
        return Entry(*key, None, "本乡镇没有可比的学校，不适用", exempt=True)
    points = (criterion.weight * chance.randint(14, 19) / 20).quantize(D("0.5"))
    files = (Upload(f"{criterion.title}（演示）.pdf", _NOTE),) if chance.random() < 0.3 else ()
    return Entry(*key, points, "查阅台账和现场记录", uploads=files)


def _appeals(scheme: Scheme, people: dict[str, User], day: date) -> None:
    """The township whose clerk has an account appeals twice: once it is right, once it is not."""
    clerk, judge = people["township"], people["inspector2"]
    unit = scheme.units.filter(pk__in=acts_for(clerk)).first()
    if unit is None:
        return
    criteria = {one.title: one for one in scheme.criteria.all()}
    about = criteria["控辍保学台账"]
    first = appeal_actions.appeal(
        scheme=scheme, unit=unit, criterion=about, text="走访记录已在期限内补交，评分时没有计入。",
        uploads=[Upload("走访记录补交清单（演示）.pdf", _NOTE)], by=clerk, at=_at(day), today=day,
    )  # fmt: skip
    score = Score.objects.get(criterion=about, organisation=unit)
    better = min((score.points or D(0)) + D("1.5"), about.weight)
    appeal_actions.decide(
        appeal=first, upheld=True, points=better, answer="补交记录属实，按标准补记。", by=judge, at=_at(day + timedelta(days=1))
    )  # fmt: skip
    second = appeal_actions.appeal(
        scheme=scheme, unit=unit, criterion=criteria["宣传发动和控辍联席会议"], text="会议纪要齐全，应得满分。", by=clerk, at=_at(day), today=day,
    )  # fmt: skip
    appeal_actions.decide(
        appeal=second,
        upheld=False,
        answer="两次会议没有签到表，按标准扣分，不予调整。",
        by=judge,
        at=_at(day + timedelta(days=1)),
    )


def _offices(county: str, year: int, by: User, at: datetime) -> None:
    """A scheme for the bureau's own offices that is still being drawn up: its weights do not sum to 100 yet."""
    what = Head(
        f"{year}年局机关科室绩效考核方案（演示）",
        f"{year}年度",
        date(year, 1, 1),
        date(year, 12, 31),
        "office",
    )
    made = actions.draft(county_code=county, what=what, by=by, at=at)
    lines = [
        Line("牵头任务按时完成率", D(40), "duties", rule="proportional", target=D(100)),
        Line("全县资源配置达标学校占比", D(30), "measure", measure="school.met_share", stage="义务教育", scope="county", rule="proportional", target=D(100)),
        Line("服务基层评议", D(20), "evidence", "学校和乡镇评议得分折算"),
    ]  # fmt: skip
    bands = [(name, least) for name, least in made.bands]
    actions.edit(
        scheme=made, what=what, lines=lines, units=list(made.units.all()), bands=bands, appeal_days=made.appeal_days, by=by, at=at
    )  # fmt: skip


def _at(day: date, hour: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, 1 + hour, tzinfo=UTC)
