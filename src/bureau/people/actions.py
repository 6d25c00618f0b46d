"""管账号: create, change, deactivate and reset accounts; each in one transaction with one log line."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.db import transaction
from django.utils.crypto import get_random_string

from bureau.log.actions import write
from bureau.log.models import Verb
from bureau.people import areas, queries, rules
from bureau.people.demo import DEMO_PASSWORD
from bureau.people.models import Area, FailedSignIn, Organisation, User
from bureau.people.rules import Refused, demand


def create_account(
    *,
    username: str,
    display_name: str,
    role: str,
    password: str,
    area: Area | None = None,
    school_code: str = "",
    office: str = "",
    organisation: Organisation | None = None,
    by: User | None,
    at: datetime,
    address: str = "",
) -> User:
    """新建账号. The password is an initial one: it must be changed at the first sign-in. `by=None` is the system
    (installation, demo). Raises Refused."""
    username = username.strip().lower()
    demand(
        rules.why_not_create(
            by_role=by.role if by else User.Role.ADMINISTRATOR,
            username=username,
            display_name=display_name.strip(),
            taken=User.objects.filter(username=username).exists(),
            role=role,
            area_kind=area.kind if area else "",
            school_code=school_code,
            organisation=organisation is not None,
        )
        or _why_not_name(display_name.strip(), role, area, school_code)
    )
    reasons = rules.why_not_password(password, username=username)
    demand("；".join(reasons) or None)
    with transaction.atomic():
        user = User.objects.create(
            username=username,
            password=make_password(password),
            display_name=display_name.strip(),
            role=role,
            area=area,
            school_code=school_code,
            office=office.strip(),
            organisation=organisation,
        )
        detail = _place(user)
        write(
            by=by, verb=Verb.CREATE_ACCOUNT, obj=("account", username), detail=detail, at=at, address=address
        )
    return user


def change_account(
    *,
    account: User,
    display_name: str,
    role: str,
    area: Area | None,
    school_code: str,
    office: str,
    organisation: Organisation | None = None,
    by: User,
    at: datetime,
    address: str = "",
) -> None:
    """修改账号: name, office, role and area together, because a role decides which area fits. Raises Refused."""
    role_changes = role != account.role
    demand(rules.why_not_change(by_role=by.role, by_self=by.pk == account.pk, role_changes=role_changes))
    demand(
        rules.why_not_place(
            role=role,
            area_kind=area.kind if area else "",
            school_code=school_code,
            organisation=organisation is not None,
        )
        or (None if display_name.strip() else "请填写姓名")
        or (
            _why_not_name(display_name.strip(), role, area, school_code, but=account)
            if account.is_active
            else None
        )
    )
    if role_changes and queries.is_last_administrator(account):
        raise Refused("这是最后一个在用的系统管理员，请先新建一个")
    with transaction.atomic():
        before = _place(account)
        account.display_name, account.office = display_name.strip(), office.strip()
        account.role, account.area, account.school_code = role, area, school_code
        account.organisation = organisation
        account.save(update_fields=["display_name", "office", "role", "area", "school_code", "organisation"])
        write(
            by=by,
            verb=Verb.CHANGE_ACCOUNT,
            obj=("account", account.username),
            detail={"before": before, "after": _place(account)},
            at=at,
            address=address,
        )


def deactivate_account(*, account: User, reason: str, by: User, at: datetime, address: str = "") -> None:
    """停用账号: it can no longer sign in and its sessions end; nothing it did is lost. Raises Refused."""
    demand(
        rules.why_not_deactivate(
            by_role=by.role,
            by_self=by.pk == account.pk,
            active=account.is_active,
            last_administrator=queries.is_last_administrator(account),
        )
        or (None if reason.strip() else "请填写停用原因")
    )
    with transaction.atomic():
        account.is_active = False
        account.save(update_fields=["is_active"])
        obj = ("account", account.username)
        write(by=by, verb=Verb.DEACTIVATE_ACCOUNT, obj=obj, reason=reason, at=at, address=address)


def reactivate_account(*, account: User, by: User, at: datetime, address: str = "") -> None:
    """启用账号. Raises Refused."""
    demand(
        rules.why_not(by.role, rules.Permission.MANAGE_ACCOUNTS)
        or _why_not_name(account.display_name, account.role, account.area, account.school_code, but=account)
    )
    with transaction.atomic():
        account.is_active = True
        account.save(update_fields=["is_active"])
        obj = ("account", account.username)
        write(by=by, verb=Verb.REACTIVATE_ACCOUNT, obj=obj, at=at, address=address)


def reset_account(*, account: User, password: str, by: User | None, at: datetime, address: str = "") -> None:
    """重置密码: a new initial password, no lock-out, no second factor; the old sessions end. Raises Refused."""
    demand(rules.why_not(by.role, rules.Permission.MANAGE_ACCOUNTS) if by else None)
    demand("；".join(rules.why_not_password(password, username=account.username)) or None)
    with transaction.atomic():
        account.password = make_password(password)
        account.must_change_password = True
        account.save(update_fields=["password", "must_change_password"])
        removed, _ = Authenticator.objects.filter(user=account).delete()
        FailedSignIn.objects.filter(username=account.username).delete()
        write(
            by=by,
            verb=Verb.RESET_PASSWORD,
            obj=("account", account.username),
            detail={"second_factor_removed": removed > 0},
            at=at,
            address=address,
        )


def change_own_password(*, account: User, password: str, at: datetime, address: str = "") -> None:
    """修改自己的密码; the caller has checked the old one and the rule."""
    with transaction.atomic():
        account.password = make_password(password)
        account.must_change_password = False
        account.save(update_fields=["password", "must_change_password"])
        obj = ("account", account.username)
        write(by=account, verb=Verb.CHANGE_PASSWORD, obj=obj, at=at, address=address)


def create_school_accounts(
    *, schools: Mapping[str, str], passwords: Mapping[str, str], by: User, at: datetime, address: str = ""
) -> list[User]:
    """成批新建学校账号: for each school {code: name} that has none; the user name is the code. One transaction, one line.

    `passwords` by code are long and random, so that few rounds of hashing do; the first sign-in hashes them anew.
    """
    demand(rules.why_not(by.role, rules.Permission.MANAGE_ACCOUNTS))
    hasher = PBKDF2PasswordHasher()
    with transaction.atomic():
        have = set(User.objects.exclude(school_code="").values_list("school_code", flat=True))
        have |= set(User.objects.filter(username__in=schools).values_list("username", flat=True))
        made = [
            User(
                username=code.lower(),
                display_name=name[:40] or code,
                role=User.Role.SCHOOL,
                school_code=code,
                password=hasher.encode(passwords[code], get_random_string(22), iterations=10_000),
            )
            for code, name in schools.items()
            if code not in have
        ]
        demand(None if made else "所有学校都已有账号")
        User.objects.bulk_create(made)
        obj = ("account", "")
        detail = {"rows": len(made), "school": [user.school_code for user in made]}
        write(by=by, verb=Verb.CREATE_ACCOUNT, obj=obj, detail=detail, at=at, address=address)
    return made


def create_demo_accounts(*, cast: Iterable[Mapping[str, str]], at: datetime) -> list[User]:
    """建演示账号: all with the password that the sign-in page shows; those that exist stay.

    Each row of `cast` has username, display_name, role, office, area_code and school_code (blank where none).
    """
    password = make_password(DEMO_PASSWORD)
    made = []
    with transaction.atomic():
        there = set(User.objects.values_list("username", flat=True))
        for row in cast:
            if row["username"] in there:
                continue
            user = User(username=row["username"], display_name=row["display_name"], role=row["role"])
            user.office, user.school_code, user.password = row["office"], row["school_code"], password
            user.area = Area.objects.get(code=row["area_code"]) if row["area_code"] else None
            user.organisation = Organisation.objects.filter(
                county_code=row["area_code"][:6], name=row.get("organisation", "")
            ).first()
            user.must_change_password = False
            user.save(force_insert=True)
            made.append(user)
            obj = ("account", user.username)
            write(by=None, verb=Verb.CREATE_ACCOUNT, obj=obj, detail=_place(user), at=at)
    return made


def load_areas(*, counties: Iterable[str], at: datetime, path: Path = areas.DIVISIONS) -> int:
    """载入行政区划: returns how many areas these counties have. Names are renewed, nothing is removed. Raises Refused."""
    wanted, known = list(counties), areas.known_counties(path)
    absent = [code for code in wanted if code not in known]
    demand(f"行政区划文件中没有县区 {'、'.join(absent)}；已有：{'、'.join(known)}" if absent else None)
    found = list(areas.divisions(wanted, path))
    with transaction.atomic():
        # One level at a time: children need their parents' keys.
        for depth in (1, 2, 3):
            level = [division for division in found if len(division.path) == depth]
            parents = Area.objects.in_bulk([d.path[-2] for d in level if depth > 1], field_name="code")
            Area.objects.bulk_create(
                [
                    Area(
                        code=division.code,
                        name=division.name,
                        kind=division.kind,
                        parent=parents[division.path[-2]] if depth > 1 else None,
                        path="/".join(division.path),
                        pinyin=division.pinyin,
                    )
                    for division in level
                ],
                update_conflicts=True,
                unique_fields=["code"],
                update_fields=["name", "kind", "parent", "path", "pinyin"],
            )
        obj = ("area", ",".join(wanted))
        write(by=None, verb=Verb.LOAD_AREAS, obj=obj, detail={"areas": len(found)}, at=at)
    return len(found)


def _why_not_name(
    name: str, role: str, area: Area | None, school_code: str, but: User | None = None
) -> str | None:
    found = queries.namesake(name=name, role=role, area=area, school_code=school_code, but=but)
    return rules.why_not_same_name(name=name, namesake=found)


def _place(user: User) -> dict[str, object]:
    """What the log keeps of an account."""
    return {
        "name": user.display_name,
        "role": user.role,
        "area": user.area.code if user.area else "",
        "school": user.school_code,
        "office": user.office,
        "organisation": user.organisation.name if user.organisation else "",
    }
