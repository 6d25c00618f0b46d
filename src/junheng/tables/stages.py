"""学段与年级: which grades belong to a stage, and the age at which a grade usually begins."""

STAGE_GRADES: dict[str, frozenset[str]] = {
    "学前": frozenset(("K1", "K2", "K3")),
    "小学": frozenset(("1", "2", "3", "4", "5", "6")),
    "初中": frozenset(("7", "8", "9")),
    "高中": frozenset(("10", "11", "12")),
    "中职": frozenset(("10", "11", "12")),
}
"""Grades by stage; 特教 has all of them and is not listed. Where primary school has five years, 六年级 is 初中."""

FIVE_YEAR_GRADE = ("初中", "6")

GRADE_AGE: dict[str, int] = {"K1": 3, "K2": 4, "K3": 5} | {str(grade): grade + 5 for grade in range(1, 13)}
"""Full years of age on 31 August before the grade begins (义务教育法第十一条: 年满六周岁 for the first grade)."""
