"""名单对到学生: which pupil and which clause each row of a list of payments means, and what is odd about it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from bureau.entitlements import paid_rules, terms
from bureau.entitlements.evaluation_models import Claim
from bureau.entitlements.paid_models import PaidLine, PaidList
from bureau.entitlements.paid_sheet import WARNING, Found, Row
from bureau.people.secret import lookup, lookup_many
from bureau.registry.bulk import chunks
from bureau.registry.models import School, Student
from junheng.policy.clauses import Book


@dataclass(frozen=True, slots=True)
class Payment:
    """一笔: a row with the pupil and the clause it means; `key` "" when no register knows the pupil."""

    row: Row
    key: str
    name: str
    school_code: str
    clause: str


@dataclass(frozen=True, slots=True)
class _Pupil:
    key: str
    name: str
    school_code: str


class _Pupils:
    """Every pupil the county's register ever held, found by number or by name and school."""

    def __init__(self, county_code: str, rows: Sequence[Row]) -> None:
        base = Student.objects.filter(county_code=county_code, replaced_by=None)
        numbers = {row.enrolment_number for row in rows if row.enrolment_number}
        self.by_key: dict[str, _Pupil] = {}
        self.by_id: dict[str, set[str]] = defaultdict(set)
        self.by_name: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.guardians: set[str] = set()
        self._take(base, "key", lookup_many(numbers))
        ids = set(lookup_many({row.id_number for row in rows if row.id_number}))
        self._take(base, "id_number_lookup", ids)
        for part in chunks(ids - set(self.by_id)):
            found = base.filter(guardian_id_lookup__in=part)
            self.guardians |= set(found.values_list("guardian_id_lookup", flat=True).distinct())
        names = {
            row.person_name
            for row in rows
            if (row.person_name and not (row.enrolment_number or row.id_number)) or row.flawed
        }
        self._take(base, "person_name", names)
        schools = School.objects.filter(county_code=county_code, replaced_by=None)
        self.schools: dict[str, set[str]] = defaultdict(set)
        for code, name in schools.order_by().values_list("school_code", "school_name").distinct():
            self.schools[code].add(code)
            self.schools[(name or "").replace(" ", "")].add(code)

    def _take(self, base: QuerySet[Student], by: str, values: Iterable[str]) -> None:
        for part in chunks(values):
            rows = base.filter(**{f"{by}__in": part}).order_by("valid_from")
            for key, name, school, number in rows.values_list(
                "key", "person_name", "school_code", "id_number_lookup"
            ):
                self.by_key[key] = _Pupil(key, name or "", school or "")
                self.by_name[name or "", school or ""].add(key)
                if number:
                    self.by_id[number].add(key)

    def codes(self, school: str) -> set[str]:
        """School codes that a name or code written in a list means."""
        bare = school.replace(" ", "")
        found = self.schools.get(bare)
        if found:
            return found
        near = {code for name, codes in self.schools.items() if bare and bare in name for code in codes}
        return near if len(near) == 1 else set()


def find(of: PaidList, rows: Sequence[Row], book: Book, problems: list[Found]) -> list[Payment]:
    """The payments of a list; every problem is added to `problems` (errors stop the list, warnings are to be looked at)."""
    pupils = _Pupils(of.county_code, rows)
    names = {clause.id: clause.name for clause in book.clauses if clause.stages != ("教职工",)}
    clauses: dict[str, tuple[str, tuple[str, ...]]] = {}
    found: list[Payment] = []
    for row in rows:
        if row.term and not _same_term(row, of.term, problems):
            continue
        clause = of.clause or _clause(row, names, clauses, problems)
        pupil = _pupil(row, pupils, problems)
        if clause and pupil and row.fen:
            found.append(Payment(row, pupil.key, pupil.name, pupil.school_code, clause))
    _twice(of, found, problems)
    _amounts(of, found, problems)
    return found


def _same_term(row: Row, term: str, problems: list[Found]) -> bool:
    try:
        said = terms.parse(row.term).text
    except ValueError as error:
        problems.append(row.problem("学期", row.term[:20], str(error)))
        return False
    if said != term:
        problems.append(
            row.problem("学期", said, f"这一行是{said}学期的，本次上传的是{term}学期；请分开上传")
        )
    return said == term


def _clause(
    row: Row,
    names: Mapping[str, str],
    known: dict[str, tuple[str, tuple[str, ...]]],
    problems: list[Found],
) -> str:
    if not row.item:
        problems.append(
            row.problem("资助项目", "", "没有填资助项目；请补上，或在上传时为整份文件选择一个资助项目")
        )
        return ""
    if row.item not in known:
        known[row.item] = paid_rules.find_clause(row.item, names)
    clause, near = known[row.item]
    if not clause:
        hint = "、".join(f"“{names[key]}”" for key in near[:4])
        advice = (
            f"可能是{hint}，请写全名称"
            if hint
            else "请照“资助条款”里的名称填写，或在上传时为整份文件选择一个资助项目"
        )
        problems.append(row.problem("资助项目", row.item[:40], f"“{row.item[:40]}”对不上资助条款；{advice}"))
    return clause


def _pupil(row: Row, pupils: _Pupils, problems: list[Found]) -> _Pupil | None:
    found = _by_number(row, pupils, problems)
    if found is None:
        found = _by_name(row, pupils, problems)
        if found is None:
            return None
        problems += [
            one
            if not found.key
            else Found(
                one.tab,
                one.row,
                one.column,
                one.found,
                f"{one.sentence}；已按姓名和学校找到学生，请核对",
                WARNING,
            )
            for one in row.flawed
        ]
    elif row.flawed:
        problems += [
            Found(
                one.tab,
                one.row,
                one.column,
                one.found,
                f"{one.sentence}；已按另一号码找到学生，请核对",
                WARNING,
            )
            for one in row.flawed
        ]
    if found.key and row.person_name and found.name and found.name != row.person_name:
        problems.append(
            row.problem(
                "姓名",
                row.person_name[:1] + "**",
                "号码对应的学生在登记册中是另一个姓名；请核对是否填错了号码",
                WARNING,
            )
        )
    return found


def _by_number(row: Row, pupils: _Pupils, problems: list[Found]) -> _Pupil | None:
    if row.enrolment_number and (one := pupils.by_key.get(lookup(row.enrolment_number))):
        return one
    if row.id_number:
        keys = pupils.by_id.get(lookup(row.id_number), set())
        if len(keys) == 1:
            return pupils.by_key[next(iter(keys))]
        if len(keys) > 1:
            problems.append(
                row.problem("身份证号", "", "登记册中有两名学生用这个身份证号，分不清是谁；请补上学籍号")
            )
            return _Pupil("", row.person_name, "")
        if lookup(row.id_number) in pupils.guardians:
            problems.append(
                row.problem("身份证号", "", "这是监护人的身份证号，不是学生本人的；请改填学生的号码")
            )
            return _Pupil("", row.person_name, "")
    return None


def _by_name(row: Row, pupils: _Pupils, problems: list[Found]) -> _Pupil | None:
    """By name and school; one with a readable number whom no register knows is taken as a stranger, and said so."""
    codes = pupils.codes(row.school_name) if row.school_name else set()
    has_number = bool(row.enrolment_number or row.id_number)
    if not has_number or row.flawed:
        if not row.person_name or not row.school_name:
            if row.flawed:
                problems.extend(row.flawed)
            else:
                problems.append(
                    row.problem("学籍号", "", "找不到学生：请填学籍号或身份证号，或者同时填姓名和学校")
                )
            return None
        if not codes:
            problems.append(
                row.problem(
                    "学校",
                    row.school_name[:40],
                    f"“{row.school_name[:40]}”不是登记册中的学校，请核对名称或改填10位学校标识码",
                )
            )
            return None
        keys = {key for code in codes for key in pupils.by_name.get((row.person_name, code), ())}
        if len(keys) == 1:
            return pupils.by_key[next(iter(keys))]
        if len(keys) > 1:
            problems.append(
                row.problem(
                    "姓名",
                    row.person_name[:1] + "**",
                    f"这所学校有 {len(keys)} 名同名学生，请补上学籍号或身份证号",
                )
            )
            return None
    sentence = "登记册中没有这名学生；入账后列入“已发不应享受”，请核对号码"
    problems.append(row.problem("学籍号", "", sentence, WARNING))
    return _Pupil("", row.person_name, next(iter(codes), ""))


def _twice(of: PaidList, found: Sequence[Payment], problems: list[Found]) -> None:
    """The same child, clause, day and amount twice in the file, or in a list that is in force already."""
    first: dict[tuple[object, ...], Row] = {}
    for one in found:
        if not one.key:
            continue
        key = (one.key, one.clause, one.row.fen, one.row.paid_on)
        earlier = first.setdefault(key, one.row)
        if earlier is not one.row:
            problems.append(
                one.row.problem(
                    "金额", "", f"与第{earlier.row}行是同一学生、同一项目、同一金额，请核对是否重复", WARNING
                )
            )
    entered: dict[tuple[object, ...], str] = {}
    for part in chunks({one.key for one in found if one.key}):
        lines = PaidLine.objects.filter(
            student_key__in=part, list__state="in_force", list__county_code=of.county_code, list__term=of.term
        )
        for *line, where in lines.values_list("student_key", "clause", "fen", "paid_on", "list__source"):
            entered[tuple(line)] = where
    for one in found:
        source = entered.get((one.key, one.clause, one.row.fen, one.row.paid_on)) if one.key else None
        if source is not None:
            problems.append(
                one.row.problem(
                    "金额",
                    "",
                    f"“{source}”里已有同一学生、同一项目、同一金额的一笔，请核对是否重复入账",
                    WARNING,
                )
            )


def _amounts(of: PaidList, found: Sequence[Payment], problems: list[Found]) -> None:
    """Amounts that look like another unit, beside what is due to the child, else what is usual for the clause."""
    claims = Claim.objects.filter(
        evaluation__county_code=of.county_code,
        evaluation__term=of.term,
        evaluation__current=True,
        due_fen__gt=0,
    )
    usual: dict[str, int] = {}
    for clause, fen in claims.order_by("clause", "due_fen").values_list("clause", "due_fen").distinct():
        usual[clause] = fen
    for one in found:
        odd = paid_rules.odd_amount(abs(one.row.fen), usual.get(one.clause, 0))
        if odd:
            problems.append(one.row.problem("金额", f"{one.row.fen / 100:g}", odd, WARNING))
