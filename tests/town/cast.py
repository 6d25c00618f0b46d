"""演示人物 (the cast): who signs in to the demo county, named by office and never by a person's name."""

from pathlib import Path
from random import Random
from typing import Any

import yaml

from town.divisions import county
from town.identity import Identities
from town.structure import schools

# username, display name, role, office, place: county, township, primary, nine, or nowhere. A unit's office is its name.
_PEOPLE = (
    ("leader", "演示·教育局 局长", "leader", "", "county"),
    ("basic", "演示·基教科 科员", "office", "基教科", "county"),
    ("aid", "演示·资助中心 科员", "office", "资助中心", "county"),
    ("personnel", "演示·人事科 科员", "office", "人事科", "county"),
    ("projects", "演示·项目办 科员", "office", "项目办", "county"),
    ("primary", "演示·县城小学 校长", "school", "", "primary"),
    ("nine", "演示·九年制学校 校长", "school", "", "nine"),
    ("teacher", "演示·班主任 甲", "teacher", "", "nine"),
    ("teacher2", "演示·班主任 乙", "teacher", "", "nine"),
    ("township", "演示·乡镇 教育专干", "township", "", "township"),
    ("finance", "演示·财政局 联络员", "unit", "财政局", "county"),
    ("women", "演示·妇联 联络员", "unit", "妇联", "county"),
    ("inspector", "演示·督学 甲", "inspector", "", "county"),
    ("inspector2", "演示·督学 乙", "inspector", "", "county"),
    ("region", "演示·自治区教育厅 督导处", "office", "督导处", "nowhere"),
    ("auditor", "演示·审计 专员", "auditor", "", "county"),
    ("administrator", "演示·系统管理员", "administrator", "", "nowhere"),
)


def cast(code: str = "640324") -> list[dict[str, str]]:
    """The demo accounts of one county. Those of other counties than Tongxin carry the county's code in their names."""
    place = county(code)
    chance = Random(code)
    founded = schools(code, chance, Identities(code, chance), 0.01)  # codes do not depend on chance or scale
    nine = next(school for school in founded if school.kind == "312")
    where = {
        "county": (code, ""),
        "township": (max(place.townships[1:], key=lambda township: len(township.villages)).code, ""),
        "primary": ("", founded[0].code),
        "nine": ("", nine.code),
        "nowhere": ("", ""),
    }
    suffix = "" if code == "640324" else f"-{code}"
    governments = {row["area"]: row["name"] for row in organisations(code) if "area" in row}
    return [
        {
            "username": username + suffix,
            "display_name": display + ("" if code == "640324" else f"（{place.name}）"),
            "role": role,
            "office": office,
            "area_code": where[at][0],
            "school_code": where[at][1],
            "organisation": {"leader": "教育体育局", "township": governments.get(where[at][0], "")}.get(
                role, office
            ),
        }
        for username, display, role, office, at in _PEOPLE
    ]


def organisations(code: str = "640324") -> list[dict[str, Any]]:
    """责任单位 of a county: the units that every county has, and the governments of its townships."""
    with (Path(__file__).parent / "organisations.yaml").open(encoding="utf-8") as file:
        units: list[dict[str, Any]] = yaml.safe_load(file)
    return units + [
        {
            "name": f"{township.name}{'办事处' if township.name.endswith('街道') else '人民政府'}",
            "kind": "township",
            "aliases": [township.name],
            "area": township.code,
        }
        for township in county(code).townships
    ]
