"""依据: for each right line one Chinese sentence: which fields agree, which differ and how, and why a clerk is asked or nothing was found."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from junheng.matching.cells import cells
from junheng.matching.comparing import Compared
from junheng.matching.deciding import AUTOMATIC, UNMATCHED, Matches
from junheng.matching.levels import BORN, FIELDS, ID, NAME, SEX
from junheng.matching.numbers import PARTIAL, UNKNOWN, VALID, WRONG_LENGTH
from junheng.matching.registers import Register, Texts

_KNOWN_PLAIN = {
    "id": {
        "unknown": "", "equal": "身份证号相同", "equal_invalid": "身份证号相同，但校验码或日期不对", "equal_shared": "身份证号相同，但另有别人也用这个号码",
        "guardian": "一方在学生处填的是成年人的身份证号", "guardian_of_other": "一方在学生处填了监护人的身份证号，与另一方的监护人相符",
        "placeholder": "一方的身份证号是占位的假号码", "one_digit_valid": "两个身份证号都有效，只差一位", "other_date_valid": "两个身份证号都有效但不同",
        "same_date_valid": "两个身份证号都有效但不同，出生日期相同，须排除双胞胎", "other_date": "身份证号不同",
        "same_date": "身份证号不同，其中出生日期相同", "tail_same": "身份证号只有前几位（地区、世纪）不同",
        "sibling": "号码是同一家另一个孩子的",
    },
    "born": {
        "unknown": "", "equal": "出生日期相同", "lunar": "出生日期一为公历、一为农历，恰是同一天", "swapped": "出生日期月、日颠倒", "one_digit": "出生日期差一位",
        "year_off": "出生日期月、日相同，年份不同", "month_same": "出生年月相同", "close": "出生日期相差不到两个月", "months": "出生日期相差几个月", "year_same": "出生年份相同", "near": "出生年份相近",
        "month_only": "出生年月相同（一方没有写明日）", "year_only": "出生年份相同（一方没有写明月日）", "far": "出生日期相差很远",
        "by_number": "出生日期只能从身份证号看，也不同",
    },
    "house": {
        "unknown": "", "id": "监护人身份证号相同", "two_names": "两名监护人都同名", "name_phone": "监护人同名且电话相同", "name_rare": "监护人同名",
        "name_common": "监护人同名（此名常见）", "namesake": "监护人同名但身份证号不同", "sound": "监护人姓名同音", "phone": "电话相同", "surname": "监护人同姓不同名",
        "differ": "监护人不同", "differ_id": "监护人姓名和身份证号都不同",
        "conflict": "监护人是另外的人", "phone_differs": "电话不同",
    },
    "place": {
        "unknown": "", "village": "同村", "township": "同乡镇", "county": "同县不同乡镇", "elsewhere": "不同县区", "township_unknown": "同县",
        "village_strange": "同名村，乡镇名对不上", "strange": "乡镇名对不上",
    },
    "sex": {"unknown": "", "same": "", "differs": "性别不同"},
}  # fmt: skip
_NAME = {
    "unreadable": "一方姓名空缺或认不出", "exact": "姓名相同", "wildcard": "姓名有认不出的字，其余相同", "sound": "姓名同音", "fuzzy": "姓名音近",
    "shape": "姓名形近", "part": "姓名有字一半相同", "order": "姓名字序颠倒", "dropped": "姓名多字或少字", "surname_differs": "姓不同、名相同", "given_first": "姓名末字不同",
    "given_last": "姓名中间的字不同", "longer_shared": "长姓名部分相同", "surname_only": "只有姓相同", "given_part": "姓不同、名有一字相同",
    "nothing": "姓名不同",
}  # fmt: skip
_TWIN_LIKE = frozenset(("given_first", "given_last", "surname_only"))


def reasons(
    matches: Matches,
    left: Mapping[str, Texts],
    right: Mapping[str, Texts],
    names: tuple[str, str] = ("学籍", "名册"),
) -> list[str]:
    """One sentence a right row. `left` and `right` are the columns as given to `match`; `names` how the registers are called."""
    other = np.where(matches.other >= 0, matches.other, matches.near)
    answer = np.full(len(other), None, np.object_)
    some = np.flatnonzero(other >= 0)
    answer[other < 0] = [_nothing(matches, row, names) for row in np.flatnonzero(other < 0).tolist()]
    mine, theirs = cells(right["name"]).rows(some), cells(left["name"]).rows(other[some])
    # What nothing in the lines themselves could word differently is put into words once.
    levels = _levels(matches.compared, some)
    plain = (levels[:, :6] <= _PLAIN).all(1) & (matches.handling[some] == AUTOMATIC) & mine.same_as(theirs)
    numbered = matches.right.number.kind[some] > 0, matches.left.number.kind[other[some]] > 0
    code = np.where(plain, _code(np.column_stack((levels, *numbered))), -1 - np.arange(len(some)))
    _, first, back = np.unique(code, return_index=True, return_inverse=True)
    asked = some[first]
    pairs = zip(
        asked.tolist(), other[asked].tolist(), mine.rows(first).texts(), theirs.rows(first).texts(), levels[first].tolist(), strict=True,
    )  # fmt: skip
    said = np.empty(len(first), np.object_)
    said[:] = [
        _sentence(matches, Pair(row, at, a or "", b or "", *_words(tuple(level))), names)
        for row, at, a, b, level in pairs
    ]
    answer[some] = said[back]
    doubled = matches.same_right != np.arange(len(other))
    doubled |= (matches.other >= 0) & (matches.same_left[matches.other] != matches.other)
    for row in np.flatnonzero(doubled).tolist():
        answer[row] += _twice(matches, row, int(other[row]), names)
    return list(answer.tolist())


_FIELDS = ("id", "born", "name", "house", "place", "sex")
_PLAIN = np.array((ID.index("equal"), BORN.index("equal"), NAME.index("exact"), 127, 127, SEX.index("same")))


@dataclass(frozen=True, slots=True)
class Pair:
    """一对: right row, left row, the names as written there, and the level of each field as a word."""

    row: int
    other: int
    mine: str
    theirs: str
    id: str
    born: str
    name: str
    house: str
    place: str
    sex: str


def _levels(compared: Compared, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.column_stack([getattr(compared, field)[rows] for field in _FIELDS]).astype(np.int64)


def _code(columns: NDArray[np.int64]) -> NDArray[np.int64]:
    """One number for each row of small numbers."""
    return np.asarray(columns @ 32 ** np.arange(columns.shape[1], dtype=np.int64))


@cache
def _words(levels: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(FIELDS[field][level] for field, level in zip(_FIELDS, levels, strict=True))


def _sentence(matches: Matches, pair: Pair, names: tuple[str, str]) -> str:
    parts = [
        _name(pair),
        _number(pair, matches, names),
        _born(pair, matches),
        _KNOWN_PLAIN["house"][pair.house],
        _KNOWN_PLAIN["place"][pair.place],
        _KNOWN_PLAIN["sex"][pair.sex],
    ]
    evidence = "；".join([part for part in parts if part])
    handling = matches.handling[pair.row]
    if handling == UNMATCHED:
        line = _line(matches.left, pair.other)
        return f"没有找到对应的学生；最像的是{names[0]}第{line}行，但{evidence}" + _unlike(pair)
    return evidence if handling == AUTOMATIC else evidence + _doubt(pair, matches, names)


def _nothing(matches: Matches, row: int, names: tuple[str, str]) -> str:
    if not matches.right.names.length[matches.right.name[row]] and not matches.right.number.key[row]:
        return f"姓名和身份证号都空缺或认不出，无法在{names[0]}中查找"
    return f"{names[0]}中没有姓名、身份证号、出生日期或监护人与之相近的学生"


def _unlike(pair: Pair) -> str:
    if (
        pair.name in _TWIN_LIKE
        and pair.born == "equal"
        and pair.house not in ("unknown", "differ", "differ_id", "conflict", "phone_differs")
    ):
        return "，疑为双胞胎中的另一个"
    if pair.name in _TWIN_LIKE and pair.house in ("id", "two_names", "name_phone", "name_rare"):
        return "，疑为兄弟姐妹"
    return ""


def _doubt(pair: Pair, matches: Matches, names: tuple[str, str]) -> str:
    """Why a clerk is asked."""
    said = []
    if pair.id in ("same_date_valid", "other_date_valid", "one_digit_valid", "sibling"):
        said.append("两个有效号码不同，须有说得通的原因")
    if _unlike(pair):
        said.append("请先排除双胞胎或兄弟姐妹")
    if rivals := matches.rivals[pair.row]:
        said.append(f"{names[0]}中还有 {rivals} 名学生也很像")
    bearers = matches.compared.bearers[pair.row]
    if pair.name in ("exact", "sound", "fuzzy") and bearers > 1 and pair.id != "equal":
        said.append(f"{names[0]}中同音姓名有 {bearers} 人")
    return f"。待核：{'；'.join(said)}" if said else "。待核：凭这些还不能确定"


def _twice(matches: Matches, row: int, other: int, names: tuple[str, str]) -> str:
    said = []
    if (first := int(matches.same_right[row])) != row:
        said.append(f"{names[1]}第{_line(matches.right, first)}行是同一人的另一条登记")
    if matches.other[row] >= 0 and (first := int(matches.same_left[other])) != other:
        said.append(f"{names[0]}第{_line(matches.left, first)}行也是此人，学籍重复")
    return f"（{'；'.join(said)}）" if said else ""


def _name(pair: Pair) -> str:
    word, mine, theirs = pair.name, pair.mine, pair.theirs
    if word == "unreadable" or (word == "exact" and mine == theirs):
        return _NAME[word]
    differing = [(a, b) for a, b in zip(mine, theirs, strict=False) if a != b]
    if len(mine) == len(theirs) and word in ("sound", "fuzzy", "shape", "part") and differing:
        return f"{_NAME[word]}：{'、'.join(f'{a}/{b}' for a, b in differing)}"
    return f"{_NAME[word]}：{mine or '空'}/{theirs or '空'}"


def _born(pair: Pair, matches: Matches) -> str:
    text = _KNOWN_PLAIN["born"][pair.born]
    if pair.born in ("unknown", "equal"):
        return text
    return f"{text}：{_day(matches.right, pair.row)}/{_day(matches.left, pair.other)}"


def _day(side: Register, row: int) -> str:
    birth = side.birth
    year, month, day = int(birth.year[row]), int(birth.month[row]), int(birth.day[row])
    return f"{year}" + (f"-{month:02d}" if month else "") + (f"-{day:02d}" if day else "")


def _number(pair: Pair, matches: Matches, names: tuple[str, str]) -> str:
    """Which digits, and whose number is wrong."""
    word = pair.id
    if text := _KNOWN_PLAIN["id"].get(word):
        return text
    if word == "unknown":
        mine, theirs = matches.right.number.kind[pair.row] == 0, matches.left.number.kind[pair.other] == 0
        return "两边都没有身份证号" if mine and theirs else f"{names[1] if mine else names[0]}没有身份证号"
    if word == "lost_differs":
        return "身份证号后几位在表格中丢失，剩下的也不相符"
    a, b = matches.right.number.digits[pair.row].tolist(), matches.left.number.digits[pair.other].tolist()
    known = [place for place in range(18) if a[place] != UNKNOWN and b[place] != UNKNOWN]
    if word in ("lost_15", "lost_14", "lost_some"):
        lost = "后几位在表格中丢失" if known == list(range(len(known))) else "不完整"
        return f"身份证号{lost}，剩下的 {len(known)} 位相符"
    places = [place for place in known if a[place] != b[place]]
    whose = _whose(matches, pair.row, pair.other, names)
    if word == "one_digit":
        at = places[0]
        return f"身份证号第{at + 1}位不同（{names[1]}{_sign(a[at])}、{names[0]}{_sign(b[at])}）{whose}"
    if word == "swapped":
        return f"身份证号第{places[0] + 1}、{places[-1] + 1}位颠倒{whose}"
    if word == "dropped":
        return f"身份证号多或少一位{whose}"
    return f"身份证号有 {len(places)} 位不同（第{'、'.join(str(at + 1) for at in places)}位）{whose}"


def _whose(matches: Matches, row: int, other: int, names: tuple[str, str]) -> str:
    wrong = []
    for name, side, at in ((names[1], matches.right, row), (names[0], matches.left, other)):
        kind = int(side.number.kind[at])
        if kind == WRONG_LENGTH:
            wrong.append(f"{name}的号码是 {int(side.number.size[at])} 位")
        elif kind not in (VALID, PARTIAL):
            wrong.append(f"{name}的号码校验码或日期不对")
    return f"，{'、'.join(wrong)}" if wrong else ""


def _sign(digit: int) -> str:
    return "X" if digit == 10 else str(int(digit))


def _line(side: Register, row: int) -> str:
    return str(side.lines[row])
