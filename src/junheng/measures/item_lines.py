"""县级填报和材料的指标: lines drawn from 县级数据: entered figures, conclusions with evidence, veto items, recognition."""

from collections.abc import Callable, Sequence

from junheng.measures.county_line import CountyData, amount, combined, compared, number, result, single
from junheng.measures.model import MET, NOT_MET, NOT_REPORTED, CountyResult, FailingRow, Figure, Verdict
from junheng.policy import CountyLine
from junheng.tables import codes


def evidence_line(data: CountyData, line: CountyLine) -> CountyResult:
    """材料: the conclusion entered for the line's items; 达标 needs all of them, and each should name its evidence."""
    verdicts, missing, texts = [], [], []
    for item in line.items:
        verdict = data.conclusion(item)
        verdicts.append(verdict)
        if verdict == NOT_REPORTED:
            missing.append(f"“{title(item)}”的结论未报，请在县级数据表填写并注明依据")
        texts.append(_with_evidence(data, item, verdict))
    return result(data, line.code, combined(verdicts), "；".join(texts), missing=missing)


def veto_line(data: CountyData, line: CountyLine) -> CountyResult:
    """一票否决: conclusion 达标 means that the conduct was not found; 未达标 that it was."""
    found = evidence_line(data, line)
    words = {MET: "未发现此情形", NOT_MET: "存在此情形"}
    evidence = next((data.items[item].evidence for item in line.items if item in data.items), None)
    text = words.get(found.verdict, found.verdict) + (f"（{evidence}）" if evidence else "")
    return result(data, line.code, found.verdict, text, missing=found.missing)


def special_funding(data: CountyData) -> CountyResult:
    """G7 特殊教育学校生均公用经费."""
    figure = single("特殊教育学校生均公用经费", "元", data.figure("special_funding"), data.rules.number("G7"))
    return _of_figures(data, "G7", [figure], ["special_funding"])


def salaries(data: CountyData) -> CountyResult:
    """G8 教师工资: average teacher's pay ÷ average civil servant's pay, and performance pay fixed in full."""
    teacher, civil = data.figure("teacher_salary"), data.figure("civil_salary")
    figure = compared("教师与公务员平均工资之比", "", teacher, civil, data.rules.number("G8"), factor=1)
    return _of_figures(data, "G8", [figure], ["teacher_salary", "civil_salary"], ["performance_paid"])


def quota(data: CountyData) -> CountyResult:
    """G14 优质高中名额分配."""
    places, total = data.figure("quota_places"), data.figure("quota_total")
    figure = compared("优质高中名额分配比例", "%", places, total, data.rules.number("G14"))
    return _of_figures(data, "G14", [figure], ["quota_places", "quota_total"], ["quota_rural"])


def care(data: CountyData) -> CountyResult:
    """G15 留守儿童关爱、随迁子女就读."""
    there, total = data.figure("migrant_public"), data.figure("migrant_total")
    figure = compared("随迁子女就读比例", "%", there, total, data.rules.number("G15"))
    return _of_figures(data, "G15", [figure], ["migrant_public", "migrant_total"], ["care_system"])


def retention(data: CountyData) -> CountyResult:
    """Q1 初中三年巩固率: (毕业生 − 三年转入 + 三年转出) ÷ (三年前初一在校生 − 三年死亡); not capped at 100 %."""
    names = ("graduates", "moved_in", "moved_out", "grade7_base", "deaths")
    graduates, moved_in, moved_out, base, deaths = (data.figure(name) for name in names)
    stayed = started = None
    if graduates is not None and moved_in is not None and moved_out is not None:
        stayed = graduates - moved_in + moved_out
    if base is not None and deaths is not None:
        started = base - deaths
    figure = compared("初中三年巩固率", "%", stayed, started, data.rules.number("Q1"))
    return _of_figures(data, "Q1", [figure], names)


def disabled(data: CountyData) -> CountyResult:
    """Q2 残疾儿童少年入学率."""
    there, total = data.figure("disabled_enrolled"), data.figure("disabled_total")
    figure = compared("残疾儿童少年入学率", "%", there, total, data.rules.number("Q2"))
    return _of_figures(data, "Q2", [figure], ["disabled_enrolled", "disabled_total"])


def monitoring(data: CountyData) -> CountyResult:
    """Q9 国家质量监测: Ⅲ级及以上 (conclusion), and the variation between schools below the limit (not equal to it)."""
    variation = data.figure("quality_variation")
    figure = single("校际差异率（最大值）", "", variation, data.rules.number("Q9"), "<")
    return _of_figures(data, "Q9", [figure], ["quality_variation"], ["quality_level"])


def recognition(data: CountyData) -> CountyResult:
    """S1 社会认可度: satisfied ÷ valid forms where both are entered, else the percentage entered."""
    satisfied, valid = data.figure("recognition_satisfied"), data.figure("recognition_valid")
    threshold = data.rules.number("S1")
    if satisfied is not None and valid is not None:
        figure = compared("社会认可度", "%", satisfied, valid, threshold)
    else:
        figure = single("社会认可度", "%", data.figure("recognition"), threshold)
    return _of_figures(data, "S1", [figure], ["recognition"])


ENTERED: dict[str, Callable[[CountyData], CountyResult]] = {
    "G7": special_funding,
    "G8": salaries,
    "G14": quota,
    "G15": care,
    "Q1": retention,
    "Q2": disabled,
    "Q9": monitoring,
    "S1": recognition,
}


def _of_figures(
    data: CountyData,
    code: str,
    figures: Sequence[Figure],
    needed: Sequence[str],
    conclusions: Sequence[str] = (),
) -> CountyResult:
    """A line of one or more figures, and conclusions that must hold besides."""
    missing = [
        f"“{title(item)}”未报，请在县级数据表填写"
        for item in needed
        if data.figure(item) is None and any(figure.value is None for figure in figures)
    ]
    verdicts: list[Verdict] = [figure.verdict for figure in figures]
    texts = [f"{figure.label}：{amount(figure.value, figure.unit, 2)}" for figure in figures]
    failing = [
        FailingRow("", "", figure.label, amount(figure.value, figure.unit, 3), _bound(figure))
        for figure in figures
        if figure.verdict == NOT_MET
    ]
    for item in conclusions:
        verdict = data.conclusion(item)
        verdicts.append(verdict)
        texts.append(_with_evidence(data, item, verdict))
        if verdict == NOT_REPORTED:
            missing.append(f"“{title(item)}”的结论未报，请在县级数据表填写并注明依据")
        if verdict == NOT_MET:
            failing.append(FailingRow("", "", title(item), "结论未达标", "达标"))
    return result(data, code, combined(verdicts), "；".join(texts), figures, failing, missing)


def _bound(figure: Figure) -> str:
    return f"{figure.comparison}{number(figure.threshold, 3)}{figure.unit}"


def _with_evidence(data: CountyData, item: str, verdict: Verdict) -> str:
    found = data.items.get(item)
    evidence = f"（{found.evidence}）" if found and found.evidence else ""
    return f"{title(item)}：{verdict}{evidence}"


def title(item: str) -> str:
    """The official name of an item of 县级数据."""
    return codes("county_item").get(item, item)
