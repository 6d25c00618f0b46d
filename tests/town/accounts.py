"""The cast: one account per role in one small county. Used by the tests of the site."""

from datetime import UTC, datetime

from bureau.people import actions
from bureau.people.models import Area, Organisation, User
from bureau.people.organisations import load_organisations
from town.cast import organisations

AT = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)
COUNTY, TOWNSHIP, SCHOOL = "640324", "640324100", "2164000001"
PASSWORD = "Correct-Horse-7"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def load_county() -> Area:
    """Tongxin with its townships and villages."""
    actions.load_areas(counties=[COUNTY], at=AT)
    return Area.objects.get(code=COUNTY)


def hire(county: Area, *, school: str = SCHOOL) -> dict[str, User]:
    """{role: account}; inspector, auditor and the unit 财政局 in the county, township in 豫海镇, school in `school`, the rest everywhere."""
    township = Area.objects.get(code=TOWNSHIP)
    load_organisations(county_code=COUNTY, rows=organisations(), by=None, at=AT)
    units = {one.name: one for one in Organisation.objects.filter(county_code=COUNTY)}
    acts_for = {"leader": "教育体育局", "office": "基教科", "unit": "财政局", "township": "豫海镇人民政府"}
    people = {}
    for role, name in User.Role.choices:
        account = actions.create_account(
            username=role,
            display_name=f"{name}甲",
            role=role,
            password=PASSWORD,
            area={"township": township, "unit": county, "inspector": county, "auditor": county}.get(role),
            school_code=school if role in ("school", "teacher") else "",
            organisation=units.get(acts_for.get(role, "")),
            by=None,
            at=AT,
        )
        account.must_change_password = False
        account.save(update_fields=["must_change_password"])
        people[role] = account
    return people
