"""收外部名册: the files of one version, sealed as they came, with what they cover and how long; one log line."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from bureau.links import rules
from bureau.links.models import OutsideRegister
from bureau.links.queries import in_county, own_school, school_names
from bureau.log.actions import read_access, write
from bureau.log.models import Verb
from bureau.people.kept import Upload, keep, open_kept
from bureau.people.models import User
from bureau.people.queries import township_codes
from bureau.people.rules import Refused

ROOM = "registers"


def receive(
    *,
    county_code: str,
    source: str,
    day: date | None,
    uploads: Sequence[Upload],
    by: User,
    at: datetime,
    today: date,
    coverage: str = "county",
    places: Sequence[str] = (),
    until: date | None = None,
    address: str = "",
) -> OutsideRegister:
    """上传外部名册: files kept sealed; whoever calls queues `run`. Raises Refused with everything wrong at once.

    `coverage` and `places`: the whole county, or codes of the townships or schools beyond which the register says nothing; a school's own
    upload covers that school. `until`: the last day it speaks of.
    """
    own = own_school(by)
    if own:
        coverage, places = "schools", [own]
    places = sorted(set(places)) if coverage != "county" else []
    problems = [rules.why_not_upload(by.role, in_county=may_upload_here(by, county_code), source=source)]
    problems.append(None if source in OutsideRegister.Source.values else "请选择名册的来源")
    problems.append(rules.why_not_day(day, today=today))
    problems.append(rules.why_not_until(until, day=day, source=source))
    problems.append(rules.why_not_places(coverage, places, known=_known_places(county_code, coverage)))
    problems.append(None if uploads else "请选择要上传的文件")
    problems += [rules.why_not_file(upload.short_name, len(upload.content)) for upload in uploads]
    refusals = [problem for problem in problems if problem]
    prints = [sha256(upload.content).hexdigest() for upload in uploads]
    if not refusals and day is not None:
        refusals += _already(county_code, source, day, prints)
    if refusals or day is None:
        raise Refused("\n".join(refusals))
    with transaction.atomic():
        register = OutsideRegister.objects.create(
            county_code=county_code,
            source=source,
            day=day,
            until=until,
            coverage=coverage,
            places=places,
            files=[
                {"name": upload.short_name, "sha256": keep(ROOM, upload.content), "size": len(upload.content)}
                for upload in uploads
            ],
            by=by,
            at=at,
        )
        detail = {"source": source, "day": day, "until": until, "county": county_code, "coverage": coverage}
        detail |= {"places": places, "files": register.files}
        obj = ("outside_register", str(register.pk))
        write(by=by, verb=Verb.CREATE, obj=obj, detail=detail, at=at, address=address)
    return register


def chosen_of(file: Mapping[str, Any]) -> dict[str, dict[int, str]]:
    """What a person said the columns of one file are: {worksheet: {place: column}}."""
    return {tab: {int(place): name for place, name in columns.items()} for tab, columns in file.get("chosen", {}).items()}  # fmt: skip


def _known_places(county_code: str, coverage: str) -> Collection[str]:
    if coverage == "townships":
        return set(township_codes(county_code).values())
    return school_names(county_code) if coverage == "schools" else ()


def may_upload_here(by: User, county_code: str) -> bool:
    """Whether the county is the account's, or its school one of the county's."""
    return in_county(by, county_code) or own_school(by) in school_names(county_code)


def _already(county_code: str, source: str, day: date, prints: list[str]) -> list[str]:
    """The same files of the same day, standing or under way, are not taken twice."""
    gone = (OutsideRegister.State.REFUSED, OutsideRegister.State.CANCELLED, OutsideRegister.State.WITHDRAWN)
    for one in OutsideRegister.objects.filter(county_code=county_code, source=source, day=day).exclude(
        state__in=gone
    ):
        if sorted(file["sha256"] for file in one.files) == sorted(prints):
            return [f"这份名册已于 {one.at:%Y-%m-%d} 由{one.by.display_name}上传过，内容完全相同，不重复入库"]
    return []  # fmt: skip


def original(*, register: OutsideRegister, number: int, by: User, at: datetime, address: str = "") -> bytes:
    """原件 of one file, checked against its fingerprint; the look is logged. Raises Refused."""
    file = register.files[number]
    content = open_kept(ROOM, file["sha256"], file["name"])
    read_access(
        by=by,
        verb=Verb.EXPORT,
        obj=("outside_register", str(register.pk)),
        detail=file,
        at=at,
        address=address,
    )
    return content
