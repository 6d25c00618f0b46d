"""查账号和行政区划."""

from datetime import datetime

from django.db.models import Q, QuerySet

from bureau.people.models import Area, FailedSignIn, Organisation, User


def accounts(*, text: str = "", role: str = "", area: str = "", active: bool | None = None) -> QuerySet[User]:
    """Accounts by user name, name, office or school code; `area` is a division code and includes what is below."""
    found = User.objects.select_related("area").order_by("role", "username")
    if text:
        found = found.filter(
            Q(username__icontains=text)
            | Q(display_name__icontains=text)
            | Q(office__icontains=text)
            | Q(school_code=text)
        )
    if role:
        found = found.filter(role=role)
    if area:
        found = found.filter(Q(area__code=area) | Q(area__path__startswith=f"{area}/"))
    if active is not None:
        found = found.filter(is_active=active)
    return found


def is_last_administrator(user: User) -> bool:
    """Whether nobody could manage accounts without this one."""
    if user.role != User.Role.ADMINISTRATOR or not user.is_active:
        return False
    others = User.objects.filter(role=User.Role.ADMINISTRATOR, is_active=True).exclude(pk=user.pk)
    return not others.exists()


def namesake(
    *, name: str, role: str, area: Area | None, school_code: str = "", but: User | None = None
) -> str:
    """同名的在用账号: its user name, "" when there is none. Teachers confirm nothing as a second person and may share a name;
    so may people of different counties, schools or townships, who never confirm what the other did."""
    if role == User.Role.TEACHER:
        return ""
    rows = User.objects.filter(is_active=True, display_name=name).exclude(role=User.Role.TEACHER)
    if role == User.Role.SCHOOL:
        rows = rows.exclude(Q(role=User.Role.SCHOOL) & ~Q(school_code=school_code))
    if role == User.Role.TOWNSHIP:
        rows = rows.exclude(Q(role=User.Role.TOWNSHIP) & ~Q(area=area))
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    if area is not None:
        rows = rows.filter(Q(area=None) | Q(area__code__startswith=area.code[:6]))
    return rows.values_list("username", flat=True).first() or ""


def counties() -> QuerySet[Area]:
    """县区."""
    return Area.objects.filter(kind="county")


def townships(county_code: str = "") -> QuerySet[Area]:
    """乡镇, of one county or of all."""
    found = Area.objects.filter(kind="township")
    return found.filter(path__startswith=f"{county_code}/") if county_code else found


def villages(township_code: str) -> QuerySet[Area]:
    """村 of a township."""
    return Area.objects.filter(kind="village", parent__code=township_code)


def township_codes(county_code: str) -> dict[str, str]:
    """Township name → code in a county, for imports that bring names; also without the ending 乡, 镇 or 街道."""
    codes: dict[str, str] = {}
    for name, code in townships(county_code).values_list("name", "code"):
        codes[name] = code
        for ending in ("街道", "乡", "镇"):
            if name.endswith(ending) and len(name) > len(ending) + 1:
                codes.setdefault(name.removesuffix(ending), code)
    return codes


def locked_until(*, username: str, address: str) -> datetime | None:
    """账号锁定到何时, of this name from this address; may be past."""
    return (
        FailedSignIn.objects.filter(username=username.lower(), address=address)
        .values_list("locked_until", flat=True)
        .first()
    )


def organisations(county_code: str, account: User | None = None) -> QuerySet[Organisation]:
    """责任单位 in use in a county; with an account, also the one it acts for, in use or not."""
    wanted = Q(county_code=county_code, active=True)
    if account is not None and account.organisation is not None:
        wanted |= Q(pk=account.organisation.pk)
    return Organisation.objects.filter(wanted)
