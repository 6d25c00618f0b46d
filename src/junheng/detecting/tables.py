"""发现规则可用的表: each with its columns, their types and what they mean. No table holds a name of a person, a number or an address."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Type = Literal["VARCHAR", "BIGINT", "DOUBLE", "DATE", "BOOLEAN"]


@dataclass(frozen=True, slots=True)
class Field:
    """一栏."""

    type: Type
    words: str


@dataclass(frozen=True, slots=True)
class Table:
    """一张表. `words` says what one row is."""

    words: str
    columns: Mapping[str, Field]


_T: Final = "VARCHAR"
_I: Final = "BIGINT"
_F: Final = "DOUBLE"
_D: Final = "DATE"
_B: Final = "BOOLEAN"

_STUDENT: dict[str, Field] = {
    "student_key": Field(_T, "学生键（学籍号的加密指纹，不是学籍号）"),
    "school_code": Field(_T, "学校标识码"),
    "township_code": Field(_T, "学校所在乡镇代码"),
    "stage": Field(_T, "学段：学前、小学、初中、高中、中职、特教"),
    "grade": Field(_T, "年级代码：K1–K3 幼儿园，1–9 小学一年级到初三，10–12 高中"),
    "class_number": Field(_I, "班号"),
    "sex": Field(_T, "性别代码"),
    "birth_date": Field(_D, "出生日期"),
    "age": Field(_I, "当日周岁"),
    "household_kind": Field(_T, "户口性质"),
    "home_township": Field(_T, "现住乡镇"),
    "home_village": Field(_T, "现住村"),
    "entered_on": Field(_D, "入本校年月"),
    "attendance_way": Field(_T, "就读方式：走读、住校……"),
    "enrolment_status": Field(_T, "学籍状态：在读、休学、转出、毕业、死亡、开除、失踪、其他离校"),
    "status_on": Field(_D, "最近一次学籍异动日期"),
    "migrant": Field(_B, "随迁子女"),
    "left_behind": Field(_B, "留守儿童"),
    "orphan": Field(_B, "孤儿"),
    "disability": Field(_T, "残疾类别：视力、听力、言语、肢体、智力、精神、多重、其他、无；没有填为空"),
    "inclusion": Field(_T, "安置方式：特教学校、随班就读、特教班、送教上门、远程教育、不适用"),
    "registered_household": Field(_B, "建档立卡户"),
    "minimum_living": Field(_B, "低保"),
    "destitute": Field(_B, "特困"),
    "home_distance": Field(_F, "家校距离（公里）"),
}

TABLES: dict[str, Table] = {
    "students": Table("当日在册的一名学生", _STUDENT),
    "students_before": Table("上一个数据日在册的一名学生", _STUDENT),
    "schools": Table(
        "当日在册的一所学校",
        {
            "school_code": Field(_T, "学校标识码"),
            "township_code": Field(_T, "所在乡镇代码"),
            "school_kind": Field(
                _T, "办学类型代码：111 幼儿园，211 小学，218 教学点，311 初级中学，312 九年一贯制……"
            ),
            "organizer": Field(_T, "举办者代码"),
            "locale": Field(_T, "城乡类型代码"),
            "boarding": Field(_B, "寄宿制"),
            "pupils": Field(_I, "在读学生数（按学生名册）"),
            "boarders": Field(_I, "其中住校"),
            "grades": Field(_I, "有学生的年级数"),
            "has_charter": Field(_B, "有章程"),
        },
    ),
    "classes": Table(
        "当日在册的一个班",
        {
            "class_key": Field(_T, "班级键：学校标识码/年级/班号"),
            "school_code": Field(_T, "学校标识码"),
            "stage": Field(_T, "学段"),
            "grade": Field(_T, "年级代码"),
            "class_number": Field(_I, "班号"),
            "class_students": Field(_I, "班级人数（按班级表）"),
            "pupils": Field(_I, "在读学生数（按学生名册）"),
        },
    ),
    "teachers": Table(
        "当日在册的一名教师",
        {
            "teacher_key": Field(_T, "教师键（证件号的加密指纹）"),
            "school_code": Field(_T, "学校标识码"),
            "post_kind": Field(_T, "岗位类别"),
            "subject": Field(_T, "任教学科"),
            "posted_on": Field(_D, "到岗日期"),
            "training_hours": Field(_F, "近五年培训学时"),
            "rotating": Field(_B, "交流轮岗中"),
        },
    ),
    "outside_lines": Table(
        "外部名册中的一行（低保、残疾、户籍……），各来源当日有效的那一版",
        {
            "line_key": Field(_T, "名册行键（加密指纹，再次导入不变）"),
            "source": Field(_T, "名册：建档立卡、防返贫监测、低保、特困、残疾、孤儿、户籍"),
            "day": Field(_D, "名册的数据日期"),
            "student_key": Field(_T, "已认定是哪名学生；未认定为空"),
            "state": Field(
                _T,
                "比对结果：automatic 自动、to_check 待核、unmatched 未匹配、same 同一人、visit 需入户核实……",
            ),
            "birth_date": Field(_D, "出生日期"),
            "age": Field(_I, "当日周岁"),
            "township": Field(_T, "乡镇"),
            "village": Field(_T, "村"),
            "category": Field(_T, "类别，如残疾类别"),
            "level": Field(_T, "等级"),
        },
    ),
    "outside_missing": Table(
        "外部名册中在校名册找不到的一名学龄儿童（在册不在校）",
        {
            "line_key": Field(_T, "名册行键"),
            "source": Field(_T, "名册"),
            "age": Field(_I, "当日周岁"),
            "township": Field(_T, "乡镇"),
            "village": Field(_T, "村"),
            "near_key": Field(_T, "最接近的学生的学生键"),
            "probability": Field(_F, "与最接近的学生是同一人的概率"),
            "reason": Field(_T, "为什么没有认定"),
            "state": Field(_T, "比对结果"),
            "pupil_status": Field(_T, "已认定的学生的学籍状态；没有学籍为空"),
        },
    ),
    "facts": Table(
        "一名学生当日的一项已知事实（按外部名册和学生名册）",
        {
            "student_key": Field(_T, "学生键"),
            "fact": Field(_T, "事实名称：低保、特困、建档立卡、残疾、孤儿、留守……"),
            "value": Field(_B, "是或否；没有行表示未知"),
            "register": Field(_T, "出自哪份名册"),
            "since": Field(_D, "起"),
            "until": Field(_D, "止，仍然有效为空"),
        },
    ),
    "absences": Table(
        "一名学生一天的缺勤",
        {
            "student_key": Field(_T, "学生键"),
            "school_code": Field(_T, "学校标识码"),
            "grade": Field(_T, "年级代码"),
            "class_number": Field(_I, "班号"),
            "day": Field(_D, "哪一天"),
            "kind": Field(
                _T, "personal 事假、sick 病假、unexcused 无故、official 公假、late 迟到、early 早退"
            ),
            "halves": Field(_I, "2 全天，1 半天，0 不计缺勤"),
        },
    ),
    "class_days": Table(
        "一个班一天的点名",
        {
            "school_code": Field(_T, "学校标识码"),
            "grade": Field(_T, "年级代码"),
            "class_number": Field(_I, "班号"),
            "day": Field(_D, "哪一天"),
            "roll": Field(_I, "应到"),
            "away_halves": Field(_I, "缺勤的半天数"),
        },
    ),
    "streaks": Table(
        "一名学生到最近一次点名为止的连续全天缺勤",
        {
            "student_key": Field(_T, "学生键"),
            "school_code": Field(_T, "学校标识码"),
            "grade": Field(_T, "年级代码"),
            "class_number": Field(_I, "班号"),
            "days": Field(_I, "连续缺勤的上课日数"),
            "since": Field(_D, "从哪天起"),
            "last": Field(_D, "最近一次点名"),
            "unexcused": Field(_I, "其中无故"),
            "unknown": Field(_I, "其间未点名的上课日（不计入也不中断）"),
        },
    ),
    "payment_findings": Table(
        "资金核查发现、还没有人说明理由的一条线索",
        {
            "finding_key": Field(_T, "线索键"),
            "kind": Field(_T, "种类：同一账户收多名受助人的钱、离校后仍发放……"),
            "title": Field(_T, "线索，一句话"),
            "person_kind": Field(_T, "student 学生，teacher 教师"),
            "person_key": Field(_T, "学生键或教师键"),
            "school_code": Field(_T, "学校标识码"),
            "amount": Field(_F, "涉及金额（元）"),
            "found_on": Field(_D, "哪天发现"),
        },
    ),
    "verdicts": Table(
        "一所学校一个学段一项资源配置指标最近一次有结论的测算结果",
        {
            "school_code": Field(_T, "学校标识码"),
            "stage": Field(_T, "学段：小学、初中"),
            "code": Field(_T, "指标代码：R1–R7"),
            "title": Field(_T, "指标"),
            "verdict": Field(_T, "达标、未达标"),
            "value": Field(_F, "现值"),
            "threshold": Field(_F, "标准"),
            "unit": Field(_T, "现值和标准的单位"),
            "gap": Field(_F, "缺口，没有缺口为 0"),
            "gap_unit": Field(_T, "缺口的单位：名、㎡、万元、间"),
            "in_scope": Field(_B, "学校是否计入统计"),
            "reason": Field(_T, "不计入统计的原因"),
            "day": Field(_D, "结论所据的数据日期"),
            "newest": Field(_B, "是否出自最近一次测算；否表示其后没有报数"),
        },
    ),
    "graduates": Table(
        "一名毕业生的去向",
        {
            "student_key": Field(_T, "学生键"),
            "school_code": Field(_T, "毕业学校标识码"),
            "stage": Field(_T, "毕业学段"),
            "year": Field(_I, "毕业年份"),
            "registered": Field(_B, "建档立卡、低保、特困之一"),
            "destination": Field(_T, "去向：升学、就业、参军、待业、其他、不详；没有登记为空"),
            "place": Field(_T, "去向地点或单位"),
            "since": Field(_D, "从哪天起"),
        },
    ),
    "cases": Table(
        "一件个案（各台账，含已结束的）",
        {
            "ledger": Field(_T, "台账代码"),
            "subject_key": Field(_T, "对象键"),
            "item": Field(_T, "同一对象的第几件"),
            "state": Field(_T, "状态"),
            "phase": Field(_T, "open、claimed、solved、passed、closed"),
            "opened_on": Field(_D, "发现日期"),
            "state_since": Field(_D, "进入现状态的日期"),
            "closed_on": Field(_D, "结束日期，未结束为空"),
            "school_code": Field(_T, "学校标识码"),
        },
    ),
}
