"""责任单位的规则: why a unit may not be entered, changed or merged. Pure."""

from collections.abc import Collection, Mapping, Sequence

KINDS = {
    "party": "党委部门",
    "government": "政府部门",
    "bureau": "教育局科室",
    "township": "乡镇（街道）",
    "school": "学校",
    "other": "其他单位",
}
LONGEST_NAME = 60


def why_not_unit(
    *,
    name: str,
    kind: str,
    aliases: Sequence[str] = (),
    taken: Mapping[str, str],
    parent: str = "",
    below: Collection[str] = (),
) -> list[str]:
    """单位为什么不能这样登记, every reason at once. `taken` is {name or alias: the unit that has it} of the other units;
    `below` are the names of what belongs to this unit."""
    problems = []
    if not name:
        problems.append("请填写单位名称")
    if kind not in KINDS:
        problems.append(f"类别“{kind}”应为：{'、'.join(KINDS.values())}" if kind else "请选择类别")
    for word in (name, *aliases):
        if len(word) > LONGEST_NAME:
            problems.append(f"“{word[:20]}…”超过 {LONGEST_NAME} 字，请用规范的单位名称")
        elif word and word in taken:
            problems.append(f"“{word}”已是“{taken[word]}”的名称或别名，请改用别的名称，或把两个单位合并")
    if parent and (parent == name or parent in below):
        problems.append(f"上级单位不能是本单位或它的下级“{parent}”")
    return problems


def why_not_merge(*, keep: str, gone: str, same: bool, same_county: bool, above: bool) -> str | None:
    """为什么不能合并. `above`: the one to go is the parent, at any height, of the one to keep."""
    if same:
        return "不能与自己合并，请选择另一个单位"
    if not same_county:
        return "只能合并同一个县的单位"
    if above:
        return f"“{gone}”是“{keep}”的上级单位，请反过来合并，或先改上级单位"
    return None
