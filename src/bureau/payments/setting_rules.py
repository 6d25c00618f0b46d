"""发放设置规则: the numbers that no document gives, what stands in for them, and who may set them. Pure."""

from dataclasses import dataclass

from bureau.people.rules import Permission, why_not

LONGEST_BASIS = 300


@dataclass(frozen=True, slots=True)
class Setting:
    """一项设置: a whole number between `low` and `high`; `assumed` holds until a named person saves one."""

    name: str
    title: str
    unit: str
    about: str
    assumed: int
    low: int
    high: int
    permission: Permission


SETTINGS = (
    Setting(
        "publication_days", "公示期", "个工作日", "名单公示多少个工作日；改后新公示的名单按它算，已公示的不变",
        assumed=5, low=1, high=60, permission=Permission.REVIEW_AWARDS,
    ),
    Setting(
        "most_siblings", "同一监护人可以共用账户的人数", "人", "同一监护人的孩子共用一个账户，超过这个人数才列为线索；分属几个监护人的一律列出",
        assumed=4, low=1, high=20, permission=Permission.APPROVE_BATCHES,
    ),
    Setting(
        "days_before_end", "身份将满前的天数", "天", "身份到期以前这么多天之内的发放列为线索；填 0 只看到期当天",
        assumed=30, low=0, high=366, permission=Permission.APPROVE_BATCHES,
    ),
)  # fmt: skip
BY_NAME = {one.name: one for one in SETTINGS}


def why_not_set(*, role: str, name: str, value: int | None, basis: str, current: int | None) -> str | None:
    """为什么不能这样设. `current`: the value that a person saved before, None while it is assumed."""
    setting = BY_NAME.get(name)
    if setting is None:
        return "没有这项设置"
    refusal = why_not(role, setting.permission)
    if refusal:
        return refusal
    problems = []
    if value is None or not setting.low <= value <= setting.high:
        problems.append(f"{setting.title}应为 {setting.low} 到 {setting.high} {setting.unit}")
    if not basis.strip():
        problems.append("请写明依据（文件名称、文号，或者谁在什么会上定的）")
    elif len(basis.strip()) > LONGEST_BASIS:
        problems.append(f"依据最多 {LONGEST_BASIS} 字")
    if not problems and value == current:
        problems.append(f"现在就是 {value} {setting.unit}，没有改变")
    return "；".join(problems) or None
