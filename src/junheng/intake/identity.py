"""证件与号码: resident ID numbers, enrolment numbers, school codes and telephone numbers."""

import re
from datetime import date
from functools import lru_cache
from operator import mul

from junheng.intake.cells import Flaw, clean, error_cell, narrow, quoted
from junheng.intake.model import Value
from junheng.intake.raw import Cell
from junheng.tables import Column

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ZEROS = ord("0") * sum(_WEIGHTS)
_CHECKS = "10X98765432"
# ⅹ and Ⅹ become x and X in half width; the multiplication sign and the Cyrillic letter do not.
_LOOKALIKE = str.maketrans({"x": "X", "×": "X", "Х": "X", "х": "X", "✕": "X"})
_LOST = re.compile(r"[0-9](\.[0-9]+)?e\+?1[5-9]", re.IGNORECASE)
_AS_NUMBER = "按数字保存，后几位已经丢失，无法找回；请把这一列的格式设为“文本”，重新填写完整号码"


def check_digit(first17: str) -> str:
    """校验码: the eighteenth character of a resident ID number (GB 11643, ISO 7064 MOD 11-2)."""
    return _CHECKS[(sum(map(mul, first17.encode("ascii"), _WEIGHTS)) - _ZEROS) % 11]


@lru_cache(maxsize=65_536)
def _day(eight: str) -> date | None:
    try:
        return date(int(eight[:4]), int(eight[4:6]), int(eight[6:]))
    except ValueError:
        return None


def birth_inside(number: str) -> date | None:
    """The birth date in an 18-character number; None when there is no such day."""
    return _day(number[6:14])


def _characters(raw: Cell) -> str:
    """Letters and digits only: blanks, hyphens and the ' and =" " that keep Excel from counting are dropped."""
    if isinstance(raw, str) and raw.isascii() and raw.isalnum():
        return raw.upper()
    text = re.sub(r'^="(.*)"$', r"\1", clean(raw))
    return re.sub(r"[\s'’‘`-]", "", narrow(text)).translate(_LOOKALIKE).upper()


def _lost(raw: Cell, text: str) -> bool:
    return (isinstance(raw, float | int) and abs(raw) >= 1e15) or (
        "E" in text and bool(_LOST.fullmatch(text))
    )


def to_id_number(column: Column, raw: Cell) -> Value | Flaw:
    """身份证件号: 18 characters with a right check digit. An area code that is no longer in use is not an error."""
    text = _characters(raw)
    if flaw := error_cell(text):
        return flaw
    if _lost(raw, text):
        return Flaw(f"{quoted(raw)}{_AS_NUMBER}", "id_as_number")
    return _resident(text, raw, "身份证号") or text


def _resident(text: str, raw: Cell, what: str) -> Flaw | None:
    if len(text) == 15 and text.isdecimal():
        return Flaw(f"{quoted(raw)}是15位旧号码，请改填18位身份证号", "id_length")
    if len(text) != 18:
        return Flaw(f"{quoted(raw)}是 {len(text)} 位，{what}应为18位，请核对", "id_length")
    if not (text.isascii() and text[:17].isdecimal() and (text[17] == "X" or text[17].isdecimal())):
        return Flaw(f"{quoted(raw)}含有数字以外的字符（只有末位可以是X），请核对", "id_characters")
    born = birth_inside(text)
    if born is None or not 1900 <= born.year <= 2100:
        return Flaw(f"{quoted(raw)}第7至14位“{text[6:14]}”不是日期，请对照证件核对", "id_birth")
    if check_digit(text[:17]) != text[17]:
        if text.endswith("000"):
            return Flaw(f"{quoted(raw)}末三位是 000，像是曾{_AS_NUMBER}", "id_as_number")
        return Flaw(f"{quoted(raw)}校验码不对，可能有一位写错，请对照证件核对", "id_check_digit")
    return None


def to_other_document(column: Column, raw: Cell) -> Value | Flaw:
    """A passport or permit: 5 to 20 letters and digits."""
    text = _characters(raw)
    if flaw := error_cell(text):
        return flaw
    if _lost(raw, text):
        return Flaw(f"{quoted(raw)}{_AS_NUMBER}", "id_as_number")
    if re.fullmatch(r"[A-Z0-9()]{5,20}", text):
        return text
    return Flaw(f"{quoted(raw)}不像证件号码（5至20位字母和数字），请核对证件类型和号码", "document_number")


def to_enrolment_number(column: Column, raw: Cell) -> Value | Flaw:
    """全国学籍号: G, L or J and 18 characters; after G a resident ID number, which need not be today's."""
    text = _characters(raw)
    if flaw := error_cell(text):
        return flaw
    if _lost(raw, text):
        return Flaw(f"{quoted(raw)}{_AS_NUMBER}", "id_as_number")
    if text[:1] not in ("G", "L", "J") or text.strip("GLJX0123456789"):
        return Flaw(f"{quoted(raw)}不是全国学籍号，应以 G、L 或 J 开头，后接18位，请核对", "enrolment_number")
    if len(text) != 19:
        return Flaw(f"{quoted(raw)}是 {len(text)} 位，全国学籍号应为19位，请核对", "enrolment_number")
    if text[0] == "G":
        return _resident(text[1:], raw, "G 后面的号码") or text
    if not re.fullmatch(r"[LJ][0-9]{17}[0-9X]", text):
        return Flaw(f"{quoted(raw)}含有数字以外的字符，请核对", "enrolment_number")
    return text


def to_school_code(column: Column, raw: Cell) -> Value | Flaw:
    """学校标识码: 10 digits."""
    text = _characters(raw)
    if flaw := error_cell(text):
        return flaw
    if re.fullmatch(r"[0-9]{10}", text):
        return text
    return Flaw(
        f"{quoted(raw)}不是学校标识码，应为10位数字，例如 {column.example or '2164000101'}", "school_code"
    )


def to_phone(column: Column, raw: Cell) -> Value | Flaw:
    """联系电话: 11 digits from 1, or a line with its area code; digits only, the area code kept apart by a hyphen."""
    if isinstance(raw, str) and len(raw) == 11 and raw[0] == "1" and raw.isascii() and raw.isdecimal():
        return raw
    text = narrow(re.sub(r'^="(.*)"$', r"\1", clean(raw))).lstrip("'’")
    if flaw := error_cell(text):
        return flaw
    text = re.sub(r"[\s()（）—–_·.]", lambda found: "-" if found[0] in ")）—–" else "", text)
    text = re.sub(r"-+", "-", text).strip("-")
    mobile = re.sub(r"^(\+|00)?86(?=1[0-9]{10}$)", "", text.replace("-", ""))
    if re.fullmatch(r"1[0-9]{10}", mobile):
        return mobile
    if found := re.fullmatch(r"(010|02[0-9]|0[3-9][0-9][0-9])-?([0-9]{7,8})(-[0-9]{1,6})?", text):
        return f"{found[1]}-{found[2]}{found[3] or ''}"
    if re.fullmatch(r"[0-9]{7,8}", text):
        return Flaw(f"{quoted(raw)}没有区号，请补上，例如 0953-{text}", "phone", text, "warning")
    return Flaw(f"{quoted(raw)}不是电话号码，应为11位手机号或带区号的固定电话，只填一个", "phone")
