"""佐证材料: reading and writing the conclusions and files behind the evidence lines of the county verdict.

Files are kept sealed in DATA/evidence under the SHA-256 of what was uploaded, so that the same file is kept once and
any change to it shows. A confirmed conclusion counts from the next run on.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from bureau.log.actions import read_access, write
from bureau.log.models import Verb
from bureau.people.file_rules import why_not_file
from bureau.people.kept import Upload, keep, open_kept, place_of
from bureau.people.models import User
from bureau.people.rules import Refused, demand
from bureau.people.scope import scope_of
from bureau.runs import evidence_rules as rules
from bureau.runs.evidence_models import Evidence, EvidenceFile

ROOM = "evidence"


def of_county(county_code: str, school_year: int) -> QuerySet[Evidence]:
    """All conclusions of one county and school year, with their people and files."""
    return (
        Evidence.objects.filter(county_code=county_code, school_year=school_year)
        .select_related("by", "checked_by")
        .prefetch_related("files__by")
    )


def of_line(county_code: str, code: str, school_year: int) -> dict[str, Evidence]:
    """{item: conclusion} of one line."""
    return {row.item: row for row in of_county(county_code, school_year).filter(code=code)}


def in_area(user: User, county_code: str) -> bool:
    """County-wide conclusions are for those who see the whole county."""
    return scope_of(user).covers(county_code=county_code)


def file_of(pk: int, county_code: str) -> EvidenceFile | None:
    """One file of a county."""
    return EvidenceFile.objects.filter(pk=pk, of__county_code=county_code).select_related("of").first()


def save(
    *,
    county_code: str,
    code: str,
    item: str,
    school_year: int,
    conclusion: str,
    summary: str,
    uploads: Sequence[Upload],
    by: User,
    at: datetime,
    address: str = "",
) -> Evidence:
    """填结论、传文件: creates the item at its first saving. All files or none; every refused file is named."""
    with transaction.atomic():
        evidence, _ = Evidence.objects.select_for_update(of=("self",)).get_or_create(
            county_code=county_code,
            code=code,
            item=item,
            school_year=school_year,
            defaults={"by": by, "at": at},
        )
        demand(rules.why_not_write(evidence.state, by=by, in_area=in_area(by, county_code)))
        if conclusion and conclusion not in rules.CONCLUSIONS:
            raise Refused(f"结论“{conclusion}”应为：{'、'.join(rules.CONCLUSIONS)}")
        files = evidence.files.count()
        problems = [
            problem
            for number, upload in enumerate(uploads)
            if (
                problem := why_not_file(
                    upload.name, len(upload.content), upload.content[:8], files=files + number
                )
            )
        ]
        if problems:
            raise Refused("；".join(problems))
        evidence.conclusion, evidence.summary = conclusion, summary.strip()
        evidence.by, evidence.at = by, at
        evidence.checked_by, evidence.checked_at = None, None
        evidence.save()
        kept = [_keep(evidence, upload, by=by, at=at) for upload in uploads]
        write(
            by=by,
            verb=Verb.CHANGE,
            obj=("evidence", str(evidence.pk)),
            detail={
                "code": code,
                "item": item,
                "school_year": school_year,
                "conclusion": conclusion,
                "files": [f"{file.name} {file.sha256}" for file in kept],
            },
            at=at,
            address=address,
        )
    return evidence


def remove_file(*, file: EvidenceFile, by: User, at: datetime, address: str = "") -> None:
    """撤下文件 before it is submitted. The sealed content goes when no other item refers to it."""
    with transaction.atomic():
        evidence = Evidence.objects.select_for_update(of=("self",)).get(pk=file.of_id)
        demand(rules.why_not_write(evidence.state, by=by, in_area=in_area(by, evidence.county_code)))
        detail = {"file": file.name, "sha256": file.sha256}
        sha256 = file.sha256
        file.delete()
        write(
            by=by,
            verb=Verb.DELETE,
            obj=("evidence", str(evidence.pk)),
            detail=detail,
            at=at,
            address=address,
        )
        if not EvidenceFile.objects.filter(sha256=sha256).exists():
            transaction.on_commit(lambda: place_of(ROOM, sha256).unlink(missing_ok=True))


def submit(*, evidence: Evidence, concludes: bool, by: User, at: datetime, address: str = "") -> Evidence:
    """提交复核."""
    with transaction.atomic():
        evidence = _locked(evidence)
        demand(
            rules.why_not_submit(
                evidence,
                by=by,
                in_area=in_area(by, evidence.county_code),
                concludes=concludes,
                files=evidence.files.count(),
            )
        )
        evidence.state, evidence.by, evidence.at = Evidence.State.SUBMITTED, by, at
        return _done(evidence, Verb.SUBMIT, by=by, at=at, address=address)


def confirm(*, evidence: Evidence, remark: str, by: User, at: datetime, address: str = "") -> Evidence:
    """复核确认 by a second person."""
    with transaction.atomic():
        evidence = _locked(evidence)
        demand(rules.why_not_check(evidence, by=by, in_area=in_area(by, evidence.county_code)))
        evidence.state, evidence.remark = Evidence.State.CONFIRMED, remark.strip()
        evidence.checked_by, evidence.checked_at = by, at
        return _done(evidence, Verb.CONFIRM, by=by, at=at, address=address, reason=remark)


def give_back(*, evidence: Evidence, remark: str, by: User, at: datetime, address: str = "") -> Evidence:
    """复核退回, with the reason."""
    with transaction.atomic():
        evidence = _locked(evidence)
        demand(rules.why_not_check(evidence, by=by, in_area=in_area(by, evidence.county_code)))
        if not remark.strip():
            raise Refused("退回须写明原因")
        evidence.state, evidence.remark = Evidence.State.RETURNED, remark.strip()
        evidence.checked_by, evidence.checked_at = by, at
        return _done(evidence, Verb.RETURN, by=by, at=at, address=address, reason=remark)


def reopen(*, evidence: Evidence, reason: str, by: User, at: datetime, address: str = "") -> Evidence:
    """重新打开 a confirmed conclusion, which then no longer counts."""
    with transaction.atomic():
        evidence = _locked(evidence)
        demand(
            rules.why_not_reopen(evidence, by=by, in_area=in_area(by, evidence.county_code), reason=reason)
        )
        evidence.state = Evidence.State.DRAFT
        evidence.checked_by, evidence.checked_at = None, None
        evidence.by, evidence.at = by, at
        return _done(evidence, Verb.REOPEN, by=by, at=at, address=address, reason=reason)


def content(*, file: EvidenceFile, by: User, at: datetime, address: str = "") -> bytes:
    """打开文件: its bytes, checked against the SHA-256 it was kept under; each look is logged."""
    data = open_kept(ROOM, file.sha256, file.name)
    read_access(
        by=by,
        verb=Verb.VIEW,
        obj=("evidence_file", str(file.pk)),
        detail={"file": file.name, "sha256": file.sha256},
        at=at,
        address=address,
    )
    return data


def states_of(lines: Iterable[Evidence]) -> dict[str, list[Evidence]]:
    """{line code: its conclusions}."""
    found: dict[str, list[Evidence]] = {}
    for line in lines:
        found.setdefault(line.code, []).append(line)
    return found


def _keep(evidence: Evidence, upload: Upload, *, by: User, at: datetime) -> EvidenceFile:
    same, _ = EvidenceFile.objects.get_or_create(
        of=evidence,
        sha256=keep(ROOM, upload.content),
        defaults={"name": upload.short_name, "size": len(upload.content), "by": by, "at": at},
    )
    return same


def _locked(evidence: Evidence) -> Evidence:
    return Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)


def _done(
    evidence: Evidence, verb: Verb, *, by: User, at: datetime, address: str, reason: str = ""
) -> Evidence:
    evidence.save()
    write(
        by=by,
        verb=verb,
        obj=("evidence", str(evidence.pk)),
        detail={
            "code": evidence.code,
            "item": evidence.item,
            "state": evidence.state,
            "conclusion": evidence.conclusion,
        },
        reason=reason,
        at=at,
        address=address,
    )
    return evidence
