"""提示: what two registers as wholes give to think about: another county's list, a column lost in Excel, one number for many."""

import numpy as np

from junheng.matching.deciding import Matches
from junheng.matching.numbers import ADULT, MISSING, PARTIAL, PLACEHOLDER
from junheng.matching.registers import Register

_LOW = 0.7  # below this share of matched lines the wrong file may have been chosen
_MANY = 0.05


def warnings(matches: Matches) -> list[str]:
    """Sentences for the person who chose the files; none when nothing is unusual."""
    left, right = matches.left, matches.right
    said: list[str] = []
    size = len(right)
    if not size:
        return said
    strange = _other_county(left, right)
    if strange:
        said.append(f"名册有 {strange} 行的县区在学籍中没有学生，像是其他县的名册，请核对是否选错了文件")
    linked = int((matches.other >= 0).sum())
    if linked < _LOW * size:
        said.append(
            f"名册只有 {linked * 100 // size}% 的行（{linked} 行）对上了学籍，明显偏低；请核对是否选错了文件、县区或学年"
        )
    for name, side in (("学籍", left), ("名册", right)):
        said += _numbers(name, side)
        twice = matches.same_left if side is left else matches.same_right
        if count := int((twice != np.arange(len(side))).sum()):
            said.append(f"{name}有 {count} 行与另一行是同一人（重复登记），依据中注明了是哪一行")
    return said


def _other_county(left: Register, right: Register) -> int:
    known = np.unique(left.county[left.county != 0])
    return int((~np.isin(right.county, known) & (right.county != 0)).sum()) if len(known) else 0


def _numbers(name: str, side: Register) -> list[str]:
    kind, size = side.number.kind, max(len(side), 1)
    said = []
    given = int((kind != MISSING).sum())
    if not given:
        return [f"{name}没有可用的身份证号，只能凭姓名、出生日期、监护人和住址匹配，待核会明显增多"]
    lost = int((kind == PARTIAL).sum())
    if lost > _MANY * size:
        said.append(
            f"{name}有 {lost} 个身份证号的后几位在 Excel 中丢失或被遮盖；请原单位把该列设为“文本”后重新导出，匹配会更准"
        )
    if adults := int((kind == ADULT).sum()):
        said.append(f"{name}有 {adults} 行在学生处填的是成年人（多为监护人）的身份证号")
    if shared := int(side.shared.sum()):
        said.append(f"{name}有 {shared} 行与不同姓名的人用了同一个身份证号")
    if placeholders := int((kind == PLACEHOLDER).sum()):
        said.append(f"{name}有 {placeholders} 个身份证号是占位的假号码（如 111111…、反复出现的同一号码）")
    return said
