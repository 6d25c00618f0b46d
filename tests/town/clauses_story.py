"""县级条款的故事: the county writes what the grant of senior schools leaves to it in tiers, then a grant of its own; each version is
drafted by the aid office, checked and proved at the save, and put in force by a second person.

Sums, documents and decisions are made up (演示).
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bureau.entitlements import clause_actions, clause_versions, queries, terms
from bureau.entitlements.models import CountyPack
from bureau.people.models import User

TIERS = ("县普通高中国家助学金分档办法〔演示〕", "演示发〔2026〕1号")
HEATING = ("县寄宿生冬季取暖补助办法〔演示〕", "演示发〔2026〕2号")


def clauses_story(county: str, *, today: date) -> int:
    """Two versions of the county's own clauses, the second in force; how many there are."""
    if not queries.packs(county).exists():
        suffix = "" if county == "640324" else f"-{county}"
        by, leader = (User.objects.get(username=f"{name}{suffix}") for name in ("aid", "leader"))
        opened = terms.open_term(county, today)
        since = opened.first if opened else today
        at = datetime.combine(today, time(9), UTC) - timedelta(days=40)
        _version(county, _tiers(since, county), TIERS, "cn.senior_grant", since, by, leader, at)
        _version(county, _heating(since, county), HEATING, "", None, by, leader, at + timedelta(days=20))
    return queries.packs(county).count()


def _tiers(since: date, county: str) -> dict[str, Any]:
    """普通高中国家助学金 in two tiers within the range of the national document."""
    poorest = ["特困", "孤儿", "低保", "残疾"]
    return {
        "name": "普通高中国家助学金（本县分档，演示）", "kind": "cash", "stage": ["普高"], "when": "家庭经济困难", "per": "year",
        "tiers": [
            {"name": "一档", "when": {"any": poorest}, "amount": 3300},
            {"name": "二档", "amount": 1800},
        ],
        "since": since, "item": "三", "status": "V3",
        "quote": "一档为特困供养、孤儿、低保和残疾学生，每生每年3300元；其他家庭经济困难学生为二档，每生每年1800元",
        "shares": {"centre": 80, "region": 20}, "evidence": ["家庭经济困难学生认定表"],
        "examples": [
            {"day": since, "stage": "普高", "grade": 1, "county": county, "has": ["困难"], "lacks": poorest},
        ],
    }  # fmt: skip


def _heating(since: date, county: str) -> dict[str, Any]:
    """寄宿生冬季取暖补助, a grant of the county's own for boarders of registered families."""
    return {
        "name": "寄宿生冬季取暖补助（演示）", "kind": "cash", "stage": ["小学", "初中"], "when": {"all": ["寄宿", "建档立卡"]}, "per": "year",
        "amount": 120, "since": date(since.year, 9, 1), "item": "二", "status": "V3",
        "quote": "对建档立卡家庭的寄宿生，每生每年给予冬季取暖补助120元", "shares": {"county": 100},
        "examples": [
            {"day": date(since.year, 9, 1), "stage": "小学", "grade": 4, "county": county, "has": ["寄宿", "建档立卡"], "pays": 120},
        ],
    }  # fmt: skip


def _version(
    county: str, row: dict[str, Any], document: tuple[str, str], replaces: str, since: date | None, by: User, leader: User, at: datetime,
) -> CountyPack:  # fmt: skip
    """起草、检查、送复核、第二人确认: one version."""
    draft, _clause = clause_actions.put_clause(
        county_code=county, row=row, document=(document[1], document[0]), replaces=replaces, since=since,
        responsible=leader.display_name, reason=document[1], texts={}, by=by, at=at,
    )  # fmt: skip
    if draft.checked["problems"]:
        raise ValueError(draft.checked["problems"])
    sent = clause_versions.submit(
        draft=draft, reason=document[1], texts={}, by=by, at=at + timedelta(hours=1)
    )
    return clause_versions.confirm(pack=sent, texts={}, by=leader, at=at + timedelta(days=1))
