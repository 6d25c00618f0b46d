"""台账定义的用词: the closed lists of what a pack may say, with the words shown to people."""

from collections.abc import Mapping
from typing import Literal, get_args

Level = Literal["class", "school", "township", "bureau"]
Phase = Literal["open", "claimed", "solved", "passed", "closed"]
Subject = Literal["student", "school", "teacher", "class", "organisation", "line"]
Access = Literal["child", "assessment", "screening", "staff"]
Unit = Literal["working", "calendar"]
Proof = Literal["data", "person"]
Kind = Literal["text", "long", "integer", "decimal", "money", "date", "flag", "choice", "many"]
Clock = Literal["month", "quarter", "term", "year"]
Need = Literal["text", "file"]
Rows = Literal["school", "township", "state", "age", "level"]
Figure = Literal["stand", "opened", "solved", "reopened", "closed", "passed", "overdue", "returned_days"]

LEVELS: tuple[Level, ...] = get_args(Level)
ENDED: tuple[Phase, ...] = ("passed", "closed")
LIVE: tuple[Phase, ...] = ("open", "claimed", "solved")
STAYS = "same"

LEVEL_WORDS: Mapping[str, str] = {
    "class": "班级",
    "school": "学校",
    "township": "乡镇",
    "bureau": "教育局",
}
PHASE_WORDS: Mapping[str, str] = {
    "open": "办理中",
    "claimed": "已报完成",
    "solved": "数据显示已解决，待核实",
    "passed": "已转出",
    "closed": "已销号",
}
SUBJECT_WORDS: Mapping[str, str] = {
    "student": "学生",
    "school": "学校",
    "teacher": "教师",
    "class": "班级",
    "organisation": "单位",
    "line": "外部名册中的人",
}
ACCESS_WORDS: Mapping[str, str] = {
    "child": "可查看该学生的人",
    "assessment": "经授权查看残疾评估的人",
    "screening": "经授权查看心理筛查的人",
    "staff": "教育局",
}
FIGURE_WORDS: Mapping[str, str] = {
    "stand": "期末在册",
    "opened": "新增",
    "solved": "数据显示已解决",
    "reopened": "重新打开",
    "closed": "销号",
    "passed": "转出",
    "overdue": "逾期",
    "returned_days": "从发现到解决的天数（平均）",
}
LETTER_FIELDS = (
    "姓名", "学校", "班级", "乡镇", "村", "监护人", "期限", "今天", "县区", "发现依据", "发现日期", "状态", "台账", "责任人", "劝返记录",
)  # fmt: skip
# The words of the closed lists in Chinese, for whoever writes a pack.
WORDS: Mapping[str, str] = {
    **FIGURE_WORDS, **ACCESS_WORDS, **PHASE_WORDS, **SUBJECT_WORDS, **LEVEL_WORDS,
    "working": "工作日", "calendar": "自然日", "data": "数据", "person": "人", "text": "文字", "long": "长文字", "integer": "整数",
    "decimal": "小数", "money": "金额", "date": "日期", "flag": "是否", "choice": "单选", "many": "多选", "file": "文件",
    "month": "每月", "quarter": "每季度", "term": "每学期", "year": "每学年", "state": "状态", "age": "周岁", "level": "级别",
    "verified": "已核对", "assumed": "假定",
}  # fmt: skip
