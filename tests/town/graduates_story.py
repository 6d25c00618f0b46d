"""去向的故事: the graduates of the last two years with their destinations, one in twenty unknown; two lists; a few measures.

Everything goes through the same actions as on the pages. All of it is 演示.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random

from bureau.graduates import actions, coming, deriving, queries
from bureau.graduates.actions import Said
from bureau.graduates.coming import Entry
from bureau.graduates.models import Leaver
from bureau.people.kept import Upload
from bureau.people.models import User
from bureau.people.secret import unseal
from bureau.registry import queries as registered

_UNIVERSITIES = ("演示·宁夏师范大学", "演示·西北农业大学", "演示·塞上理工学院", "演示·黄河财经大学")
_COLLEGES = ("演示·宁夏职业技术学院", "演示·六盘山医药学院", "演示·葡萄酒职业学院")
_SCHOOLS = ("演示·同心职业技术学校", "演示·银川旅游学校", "演示·吴忠中等专业学校")
_EMPLOYERS = ("演示·枸杞加工厂", "演示·清真食品公司", "演示·建筑劳务公司")
_MAJORS = ("演示·护理", "演示·学前教育", "演示·机电", "演示·畜牧")
_UNKNOWN = 0.05


def graduates_story(county_code: str, *, today: date) -> None:
    """Two graduating years from the registers, then lists and typed destinations. Nothing when there are graduates already."""
    if queries.years(county_code):
        return
    suffix = "" if county_code == "640324" else f"-{county_code}"
    people = {name: User.objects.get(username=f"{name}{suffix}") for name in ("leader", "aid", "basic")}
    years = [
        year for year in range(today.year - 3, today.year + 1) if deriving.registers_of(county_code, year)
    ]
    for year in [year for year in years if date(year, 9, 1) <= today][-2:]:
        at = _at(min(date(year, 9, 25), today))
        of = actions.ask_update(county_code=county_code, year=year, by=people["aid"], at=at)
        actions.update(of=of, at=at)
        _tell(county_code, year, people["aid"], today)
    _help(county_code, people, today)


def _tell(county_code: str, year: int, by: User, today: date) -> None:
    """Universities and vocational schools by list, the rest as schools type it; those who went on in the county are known."""
    chance = Random(f"{county_code}/{year}/graduates")
    rows = Leaver.objects.filter(county_code=county_code, year=year, kind="graduated", current=None).order_by(
        "id"
    )
    ids = _numbers(county_code, year)
    days = deriving.registers_of(county_code, year)
    # While the autumn's register is not there, the list of the senior schools says who goes on.
    seniors = _senior_schools(county_code, days.before) if days and days.after is None else []
    university: list[Entry] = []
    vocational: list[Entry] = []
    senior: list[Entry] = []
    typed: list[tuple[Leaver, Said]] = []
    autumn = min(date(year, 9, 1), today)
    for one in rows:
        luck = chance.random()
        if luck < _UNKNOWN:
            continue
        if luck < (0.86 if one.stage == "高中" else 0.9):
            said = _study(one, chance, autumn, seniors)
            lines = {"普高": senior, "中职": vocational}.get(said.study_stage, university)
            lines.append(_entry(len(lines) + 2, one, ids, said, chance))
        elif luck < 0.95:
            job = Said("work", autumn, employer=chance.choice(_EMPLOYERS), post="演示·学徒", place="宁夏")
            typed.append((one, job))
        elif luck < 0.96:
            typed.append((one, Said("army", autumn)))
        else:
            typed.append((one, Said("idle", autumn, note="演示：在家待业")))
    at, day = _at(min(date(year, 9, 28), today)), min(date(year, 8, 25), today)
    for kind, title, lines in (
        ("senior", f"演示·{year}年普通高中录取名单", senior),
        ("university", f"演示·{year}年普通高校录取名单", university),
        ("vocational", f"演示·{year}年中职录取名单", vocational),
    ):
        if lines:
            upload = Upload(f"{title}.xlsx", title.encode())
            coming.take_list(
                county_code=county_code, kind=kind, title=title, day=day, upload=upload, entries=lines, by=by, at=at, today=today
            )  # fmt: skip
    actions.place_many(said=typed, by=by, at=at, today=today)


def _senior_schools(county_code: str, day: date) -> list[str]:
    rows = registered.rows_on("schools", day, county_code).filter(school_kind__in=["341", "342", "345"])
    return [name for name in rows.order_by("school_code").values_list("school_name", flat=True) if name]


def _study(one: Leaver, chance: Random, autumn: date, seniors: Sequence[str]) -> Said:
    if one.stage != "高中" and seniors and chance.random() < 0.68:
        return Said("study", autumn, "普高", chance.choice(seniors))
    if one.stage != "高中":
        return Said("study", autumn, "中职", chance.choice(_SCHOOLS), chance.choice(_MAJORS), "宁夏")
    if chance.random() < 0.55:
        return Said("study", autumn, "本科", chance.choice(_UNIVERSITIES), chance.choice(_MAJORS), "宁夏")
    return Said("study", autumn, "专科", chance.choice(_COLLEGES), chance.choice(_MAJORS), "宁夏")


def _entry(number: int, one: Leaver, ids: dict[str, str], said: Said, chance: Random) -> Entry:
    """A line as another office writes it: one in forty without a number, one in eighty with another name."""
    luck = chance.random()
    name = one.person_name + "（更名）" if luck > 0.9875 else one.person_name
    number_of = "" if luck < 0.025 else ids.get(one.student_key, "")
    return Entry(number, name, number_of, one.birth_date, one.guardian_name, said)


def _numbers(county_code: str, year: int) -> dict[str, str]:
    days = deriving.registers_of(county_code, year)
    if days is None:
        return {}
    rows = registered.rows_on("students", days.before, county_code).filter(grade__in=["9", "12"])
    return {key: unseal(sealed) for key, sealed in rows.values_list("key", "id_number") if sealed}


def _help(county_code: str, people: dict[str, User], today: date) -> None:
    """Measures for children of registered families without a place: some done and confirmed, some late."""
    rows = Leaver.objects.filter(queries.UNPLACED, county_code=county_code, registered=True, kind="graduated")
    measures = (
        "演示：推荐到职业技术学校注册入学",
        "演示：参加专场招聘会，推荐岗位",
        "演示：协助申请求职补贴和技能培训",
    )
    for place, one in enumerate(rows.order_by("-year", "id")[:24]):
        made = actions.support(
            leaver=one, measure=measures[place % 3], owner="演示·班主任", due=today + timedelta(days=20 - 5 * (place % 6)),
            by=people["aid"], at=_at(today - timedelta(days=40)),
        )  # fmt: skip
        if place % 3 == 0:
            made = actions.report(
                of=made,
                result="演示：已联系家长，办理了手续",
                by=people["aid"],
                at=_at(today - timedelta(days=9)),
            )
            if place % 2 == 0:
                actions.settle(
                    of=made, back=False, reason="", by=people["basic"], at=_at(today - timedelta(days=5))
                )


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
