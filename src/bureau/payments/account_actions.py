"""收款账户的写入: set, replace and import; numbers sealed, never shown whole without a reason."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from bureau.log.actions import read_access, write
from bureau.log.models import Verb
from bureau.payments import account_rules as rules
from bureau.payments.models import BankAccount
from bureau.payments.persons import Asked, Person, find, parts
from bureau.payments.sheet_reading import Wanted, read_table
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.people.scope import scope_of
from bureau.people.secret import lookup, lookup_many, seal, seal_many, unseal
from bureau.registry import bulk
from bureau.registry.queries import as_raw

COLUMNS = (
    Wanted("number", "学籍号", ("全国学籍号", "学籍号码"), needed=False, note="学籍号、身份证件号、姓名和学校，至少能认出一人", width=24),
    Wanted("id_number", "身份证件号", ("身份证号", "身份证号码", "公民身份号码"), needed=False, width=24),
    Wanted("name", "姓名", ("学生姓名", "教师姓名")),
    Wanted("school", "学校", ("学校名称", "就读学校", "任教学校"), needed=False, width=26),
    Wanted("account", "账号", ("一卡通账号", "银行账号", "卡号", "一卡通卡号"), note="设成文本格式，以免 Excel 改掉后几位", width=26),
    Wanted("bank", "开户行", ("开户银行", "银行"), width=22),
    Wanted("holder", "户名", ("开户人", "持卡人", "一卡通户名")),
    Wanted("relation", "与受助人关系", ("与学生关系", "关系"), note="、".join(rules.RELATIONS)),
)  # fmt: skip


_NAMES = (
    "county_code", "person_kind", "person_key", "number", "number_lookup", "number_tail", "bank", "holder_name", "relation", "since", "reason", "by", "at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Given:
    """一个账户, as it is to be registered."""

    person: Person
    number: str
    bank: str
    holder_name: str
    relation: str


@dataclass(frozen=True, slots=True)
class Found:
    """读到的账户, and every problem; `warnings` are to be looked at, not refused."""

    accounts: list[Given]
    problems: list[str]
    warnings: list[str]

    @property
    def summary(self) -> str:
        """What would be registered."""
        return f"{len(self.accounts):,} 个账户"


def set_account(
    *,
    county_code: str,
    given: Given,
    reason: str = "",
    by: User,
    at: datetime,
    today: date,
    address: str = "",
) -> BankAccount:
    """登记或更换账户 of one person; the one before ends and stays in the history."""
    number, problem = rules.account_number(given.number)
    problems = rules.why_not_set(
        role=by.role,
        holder_name=given.holder_name,
        relation=given.relation,
        bank=given.bank,
        person_name=given.person.name,
    )
    problems += [problem] if problem else []
    if not scope_of(by).covers(school_code=given.person.school_code, county_code=county_code):
        problems.append("这个人不在您的辖区内")
    if problems:
        raise Refused("；".join(problems))
    with transaction.atomic():
        open_row = BankAccount.objects.select_for_update().filter(
            county_code=county_code, person_kind=given.person.kind, person_key=given.person.key, until=None
        )
        for row in open_row:
            if row.number_lookup == lookup(number) and row.holder_name == given.holder_name.strip():
                raise Refused("现在登记的就是这个账户，没有改变")
            row.until = today
            row.save(update_fields=["until"])
        made = BankAccount.objects.create(**_fields(county_code, given, number, reason, by, at, today))
        detail = {"person": given.person.key, "tail": made.number_tail, "relation": made.relation}
        obj = ("bank_account", str(made.pk))
        write(by=by, verb=Verb.CHANGE, obj=obj, detail=detail, reason=reason.strip(), at=at, address=address)
    return made


def read(
    county_code: str,
    kind: str,
    name: str,
    content: bytes,
    *,
    progress: Callable[[float], None] = lambda share: None,
) -> Found:
    """读账户表."""
    table = read_table(name, content, COLUMNS, progress=progress)
    found = Found([], table.problems, [])
    asked = [
        Asked(row.text("number"), row.text("id_number"), row.text("name"), row.text("school"))
        for row in table.rows
    ]
    people = find(county_code, kind, asked)
    seen: dict[str, int] = {}
    for row, person in zip(table.rows, people, strict=True):
        number, problem = rules.account_number(row.raw("account"))
        if isinstance(person, str):
            table.problem(row, "姓名", person)
        elif person.key in seen:
            table.problem(row, "姓名", f"“{person.name}”与第{seen[person.key]}行重复，一人只留一个账户")
        if problem:
            table.problem(row, "账号", problem)
        own = person.name if isinstance(person, Person) else row.text("name")
        relation = row.text("relation")
        for sentence in rules.why_not_set(
            role="office",
            holder_name=row.text("holder"),
            relation=relation,
            bank=row.text("bank"),
            person_name=own,
        ):
            table.problem(row, "户名、关系、开户行", sentence)
        if isinstance(person, Person):
            seen[person.key] = row.number
            if number and (warning := rules.card_warning(number)):
                found.warnings.append(f"第{row.number}行“账号”：{warning}")
            found.accounts.append(Given(person, number, row.text("bank"), row.text("holder"), relation))
    return found


def take(
    *, county_code: str, accounts: Sequence[Given], by: User, at: datetime, today: date, address: str = ""
) -> int:
    """登记一张表的账户; unchanged ones stay. Answers how many are new."""
    scope = scope_of(by)
    outside = [
        one.person.name
        for one in accounts
        if not scope.covers(school_code=one.person.school_code, county_code=county_code)
    ]
    if outside:
        raise Refused(f"有 {len(outside):,} 人不在您的辖区内：{'、'.join(outside[:5])}")
    with transaction.atomic():
        there: dict[tuple[str, str], tuple[int, str, str]] = {}
        for piece in parts(one.person.key for one in accounts):
            rows = BankAccount.objects.filter(county_code=county_code, person_key__in=piece, until=None)
            for kind, key, pk, code, holder in rows.order_by().values_list(
                "person_kind", "person_key", "pk", "number_lookup", "holder_name"
            ):
                there[kind, key] = (pk, code, holder)
        codes = lookup_many([one.number for one in accounts])
        new, ended = [], []
        for one, code in zip(accounts, codes, strict=True):
            before = there.get((one.person.kind, one.person.key))
            if before is not None and before[1:] == (code, one.holder_name):
                continue
            if before is not None:
                ended.append(before[0])
            new.append((one, code))
        bulk.update_by_id(BankAccount, ended, until=today)
        sealed = seal_many([one.number for one, _code in new])
        fields = [
            _fields(county_code, one, one.number, "导入", by, at, today, sealed=number, code=code)
            for (one, code), number in zip(new, sealed, strict=True)
        ]
        moment = connection.ops.adapt_datetimefield_value(at)
        shared: dict[str, object] = {"since": as_raw([today])[0], "by": by.pk, "at": moment}
        bulk.insert(BankAccount, _NAMES, ([(one | shared)[name] for name in _NAMES] for one in fields))
        detail = {"rows": len(accounts), "new": len(new), "replaced": len(ended)}
        write(by=by, verb=Verb.CHANGE, obj=("bank_account", ""), detail=detail, at=at, address=address)
    return len(new)


def reveal(*, account: BankAccount, reason: str, by: User, at: datetime, address: str = "") -> str:
    """看完整账号, with a reason that is logged."""
    refusal = rules.why_not_reveal(role=by.role, reason=reason)
    if refusal:
        raise Refused(refusal)
    number = unseal(account.number)
    obj = ("bank_account", str(account.pk))
    detail = {"person": account.person_key, "tail": account.number_tail}
    read_access(
        by=by, verb=Verb.REVEAL, obj=obj, detail=detail, reason=reason.strip(), at=at, address=address
    )
    return number


def _fields(
    county_code: str,
    given: Given,
    number: str,
    reason: str,
    by: User,
    at: datetime,
    today: date,
    *,
    sealed: bytes | None = None,
    code: str = "",
) -> dict[str, object]:
    return {
        "county_code": county_code,
        "person_kind": given.person.kind,
        "person_key": given.person.key,
        "number": sealed if sealed is not None else seal(number),
        "number_lookup": code or lookup(number),
        "number_tail": number[-4:],
        "bank": given.bank.strip()[:60],
        "holder_name": given.holder_name.strip()[:60],
        "relation": given.relation,
        "since": today,
        "reason": reason.strip()[:200],
        "by": by,
        "at": at,
    }
