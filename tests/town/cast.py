"""演示人物 (the cast): who signs in to the demo county, named by office and never by a person's name."""

from random import Random

from town.divisions import county
from town.identity import Identities
from town.structure import schools

# username, display name, role, office, place: county, township, primary, nine, or nowhere.
_PEOPLE = (
    ("leader", "演示·教育局 局长", "leader", "", "county"),
    ("basic", "演示·基教科 科员", "office", "基教科", "county"),
    ("aid", "演示·资助中心 科员", "office", "资助中心", "county"),
    ("personnel", "演示·人事科 科员", "office", "人事科", "county"),
    ("projects", "演示·项目办 科员", "office", "项目办", "county"),
    ("primary", "演示·县城小学 校长", "school", "", "primary"),
    ("nine", "演示·九年制学校 校长", "school", "", "nine"),
    ("township", "演示·乡镇 教育专干", "township", "", "township"),
    ("inspector", "演示·督学 甲", "inspector", "", "county"),
    ("inspector2", "演示·督学 乙", "inspector", "", "county"),
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
    return [
        {
            "username": username + suffix,
            "display_name": display + ("" if code == "640324" else f"（{place.name}）"),
            "role": role,
            "office": office,
            "area_code": where[at][0],
            "school_code": where[at][1],
        }
        for username, display, role, office, at in _PEOPLE
    ]
