"""The cast: one account per role in one small county. Used by the tests of the site."""

from datetime import UTC, datetime

from bureau.people import actions
from bureau.people.models import Area, User

AT = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)
COUNTY, TOWNSHIP, SCHOOL = "640324", "640324100", "2164000001"
PASSWORD = "Correct-Horse-7"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def load_county() -> Area:
    """Tongxin with its townships and villages."""
    actions.load_areas(counties=[COUNTY], at=AT)
    return Area.objects.get(code=COUNTY)


def hire(county: Area, *, school: str = SCHOOL) -> dict[str, User]:
    """{role: account}; inspector and auditor in the county, township in 豫海镇, school in `school`, the rest everywhere."""
    township = Area.objects.get(code=TOWNSHIP)
    people = {}
    for role, name in User.Role.choices:
        account = actions.create_account(
            username=role,
            display_name=f"{name}甲",
            role=role,
            password=PASSWORD,
            area={"township": township, "inspector": county, "auditor": county}.get(role),
            school_code=school if role == "school" else "",
            by=None,
            at=AT,
        )
        account.must_change_password = False
        account.save(update_fields=["must_change_password"])
        people[role] = account
    return people
