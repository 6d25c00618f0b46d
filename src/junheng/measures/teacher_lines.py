"""政府保障中由教师名册计算的指标: G9 training, G11 rotation, G12 certificates."""

from collections.abc import Callable

from junheng.measures.county_line import CountyData, amount, combined, compared, number, result
from junheng.measures.county_tables import TeacherRow
from junheng.measures.model import NOT_MET, NOT_REPORTED, CountyResult, FailingRow


def training(data: CountyData) -> CountyResult:
    """G9 培训: share of full-time teachers with the required hours, among those whose hours are reported."""
    hours = data.rules.number("G9.hours")
    return _share(
        data,
        "G9",
        f"五年{hours:g}学时完成率",
        "培训学时",
        lambda row: row.trained,
        lambda row: row.hours_known,
    )


def certificates(data: CountyData) -> CountyResult:
    """G12 持证上岗: share of full-time teachers with a certificate, among those for whom it is reported."""
    return _share(
        data,
        "G12",
        "持教师资格证上岗率",
        "教师资格证",
        lambda row: row.certified,
        lambda row: row.certificate_known,
    )


def _share(
    data: CountyData,
    code: str,
    label: str,
    what: str,
    met: Callable[[TeacherRow], int],
    known: Callable[[TeacherRow], int],
) -> CountyResult:
    threshold = data.rules.number(code)
    total = sum(known(row) for row in data.teachers)
    blank = sum(row.full_time - known(row) for row in data.teachers)
    done = sum(met(row) for row in data.teachers)
    figure = compared(label, "%", done if total else None, total or None, threshold, unreported=blank)
    failing = [
        FailingRow(
            row.school_code,
            data.names.get(row.school_code, row.school_code),
            what,
            f"{known(row)}名中{met(row)}名达到",
            "全部",
            float(known(row) - met(row)),
            "名",
        )
        for row in data.teachers
        if met(row) < known(row)
    ]
    missing = [
        f"{data.names.get(row.school_code, row.school_code)}：{row.full_time - known(row)}名教师的{what}未报"
        for row in data.teachers
        if known(row) < row.full_time
    ]
    if not data.teachers:
        missing = ["教师表没有小学、初中专任教师"]
    verdict = combined([figure.verdict, *([NOT_REPORTED] if missing else [])])
    text = (f"{total}名中{done}名达到，{number(figure.value)}%；" if total else "") + (
        f"{blank}名未报；" if blank else ""
    )
    return result(data, code, verdict, text.strip("；") or "未报", [figure], failing, missing)


def rotation_line(data: CountyData) -> CountyResult:
    """G11 交流轮岗: rotating ÷ eligible teachers, and backbone among rotating teachers; two denominators, both shown."""
    found, rules = data.rotation, data.rules
    some = found.teachers > 0
    rotating = found.rotating if some and found.rotating_known else None
    eligible = found.eligible if some and found.eligible_known else None
    unknown = found.teachers - min(found.rotating_known, found.eligible_known)
    first = compared(
        "交流轮岗教师占符合条件教师", "%", rotating, eligible, rules.number("G11"), unreported=unknown
    )
    second = compared(
        "骨干教师占交流轮岗教师",
        "%",
        found.rotating_backbone if rotating is not None else None,
        rotating,
        rules.number("G11.backbone"),
        unreported=found.backbone_unknown,
    )
    missing = []
    if not some:
        missing.append("教师表没有小学、初中教师")
    elif unknown:
        missing.append(f"{unknown}名教师的符合交流条件或当年交流轮岗未报")
    failing = [
        FailingRow("", "", figure.label, f"{number(figure.value)}%", f"不低于{number(figure.threshold)}%")
        for figure in (first, second)
        if figure.verdict == NOT_MET
    ]
    # Nobody rotates: the second share has no denominator, and the first already says what is wrong.
    verdicts = [first.verdict, second.verdict, *([NOT_REPORTED] if missing else [])]
    text = (
        f"符合条件{number(found.eligible)}名，交流{number(found.rotating)}名（{amount(first.value, '%')}），"
        f"其中骨干{number(found.rotating_backbone)}名（{amount(second.value, '%')}）"
    )
    return result(
        data, "G11", combined(verdicts), text if some else "未报", [first, second], failing, missing
    )
