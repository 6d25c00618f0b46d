"""覆盖范围 and 有效期: a register is silent only about the children it covers, and only while it holds; the newest that covers a child speaks."""

from datetime import date

import pytest

from bureau.links import facts, findings, queries
from bureau.links.models import OutsideRegister
from bureau.people.models import User
from bureau.people.queries import township_codes
from bureau.people.rules import Refused
from bureau.registry.models import Student
from links_rows import pupils, row, stranger, upload
from site_rows import COUNTY, TODAY

pytestmark = pytest.mark.django_db


def said(student: Student, fact: str = "低保", day: date = TODAY) -> bool | None:
    known = facts.fact_of(COUNTY, day, student.key).get(fact)
    every = facts.facts_of(COUNTY, day)[student.key].get(fact)
    assert known == every
    return known.value if known else None


def by_township() -> dict[str, list[Student]]:
    """{township code: pupils who live there}, the largest first; at least two townships."""
    codes = township_codes(COUNTY)
    found: dict[str, list[Student]] = {}
    for one in pupils(400):
        found.setdefault(codes[one.home_township or ""], []).append(one)
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))


def test_a_register_of_one_township_says_nothing_of_the_others(cast: dict[str, User], county: str) -> None:
    here, there = list(by_township().items())[:2]
    upload([row(one) for one in here[1][:3]], cast["office"], coverage="townships", places=[here[0]])
    assert said(here[1][0]) is True
    assert said(here[1][4]) is False
    assert said(there[1][0]) is None


def test_a_register_of_one_school_says_nothing_of_the_others(cast: dict[str, User], county: str) -> None:
    children = pupils(400)
    own = [one for one in children if one.school_code == children[0].school_code]
    other = next(one for one in Student._default_manager.filter(enrolment_status="在读") if one.school_code != own[0].school_code)  # fmt: skip
    upload([row(one) for one in own[:3]], cast["office"], coverage="schools", places=[own[0].school_code])
    assert said(own[0]) is True
    assert said(own[4]) is False
    assert said(other) is None


def test_a_line_says_yes_even_beyond_the_stated_coverage(cast: dict[str, User], county: str) -> None:
    here, there = list(by_township().items())[:2]
    rows = [row(one) for one in (here[1][0], there[1][0])]
    register = upload(rows, cast["office"], coverage="townships", places=[here[0]])
    assert said(there[1][0]) is True
    assert any("1 行不在所选的覆盖范围内" in note for note in register.notes)


def test_a_newer_list_of_one_township_takes_only_that_township_over(
    cast: dict[str, User], county: str
) -> None:
    here, there = list(by_township().items())[:2]
    left, stays = here[1][0], here[1][1]
    whole = upload([row(left), row(stays), row(there[1][0]), stranger() | {"乡镇": left.home_township or ""}], cast["office"])  # fmt: skip
    assert [one.name for one in findings.not_enrolled(COUNTY, TODAY)] == ["穆生人"]
    part = upload([row(stays)], cast["office"], day=date(2025, 12, 1), coverage="townships", places=[here[0]])
    assert queries.registers_in_force(COUNTY, TODAY) == [part, whole]
    assert (said(left), said(stays), said(there[1][0])) == (False, True, True)
    assert said(left, day=date(2025, 11, 1)) is True
    # The line of the older list about a child of that township counts no longer.
    assert findings.not_enrolled(COUNTY, TODAY) == []
    assert queries.replaced_by(whole) is None
    ended = [one for one in facts.periods(COUNTY) if one.student_key == left.key]
    assert [(one.until, one.ended_by_register) for one in ended] == [(date(2025, 11, 30), part.pk)]
    open_still = [one for one in facts.periods(COUNTY) if one.student_key == there[1][0].key]
    assert [one.until for one in open_still] == [None]
    newest = upload([row(left)], cast["office"], day=date(2026, 1, 9))
    assert queries.registers_in_force(COUNTY, TODAY) == [newest]
    assert queries.replaced_by(whole) == newest


def test_after_its_last_day_a_register_says_nothing(cast: dict[str, User], county: str) -> None:
    one, two = pupils(2)
    upload([row(one)], cast["office"], until=date(2026, 2, 28))
    assert (said(one, day=date(2026, 2, 28)), said(two, day=date(2026, 2, 28))) == (True, False)
    assert (said(one), said(two)) == (None, None)
    assert list(queries.lapsed(COUNTY, TODAY)) == ["minimum"]
    (period,) = [period for period in facts.periods(COUNTY) if period.student_key == one.key]
    assert period.until == date(2026, 2, 28)


def test_the_whole_county_with_lines_of_one_township_is_warned_of(cast: dict[str, User], county: str) -> None:
    rows = [row(one, 乡镇="豫海镇") for one in pupils(60)]
    register = upload(rows, cast["office"])
    assert any("范围选的是“全县”，可是几乎所有的行只来自 1 个乡镇" in note for note in register.notes)
    narrow = upload(rows, cast["office"], day=date(2025, 10, 9), coverage="townships", places=[township_codes(COUNTY)["豫海镇"]])  # fmt: skip
    assert not any("范围选的是“全县”" in note for note in narrow.notes)


def test_everything_wrong_with_the_coverage_is_said(cast: dict[str, User], county: str) -> None:
    with pytest.raises(Refused) as refusal:
        upload([], cast["office"], content=b"x", coverage="townships", until=date(2025, 1, 1))
    assert "请选出名册覆盖的乡镇" in str(refusal.value)
    assert "早于数据日期" in str(refusal.value)
    with pytest.raises(Refused, match="所选的学校不在本县"):
        upload([], cast["office"], content=b"x", coverage="schools", places=["1"])
    with pytest.raises(Refused, match="请选择名册覆盖的范围"):
        upload([], cast["office"], content=b"x", coverage="moon")
    with pytest.raises(Refused, match="困难认定按学期进行"):
        upload([], cast["office"], content=b"x", source="hardship")
    assert not OutsideRegister.objects.exists()
