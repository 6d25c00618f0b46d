"""外部名册的表 (outside registers): what other offices' lists say of a child besides who it is.

The columns that say who the child is (姓名, 身份证号, 监护人 …) are `PERSON`; their many headings are known to `matching.reading`. No cell of
these sheets is ever refused: a damaged number is what matching is for.
"""

from junheng.tables.model import Column, Sheet


def _person(name: str, heading: str, meaning: str, *, example: str = "", sensitive: bool = True) -> Column:
    return Column(name, heading, "text", meaning, sensitive=sensitive, example=example)


PERSON = (
    _person("name", "姓名", "孩子本人的姓名，按户口簿", example="张某某"),
    _person("id", "身份证号", "孩子本人的号码，按文本填写；没有就留空"),
    _person("sex", "性别", "男或女", example="女", sensitive=False),
    _person("born", "出生日期", "年月日", example="2015-03-08"),
    _person("county", "县区", "户籍所在县区", sensitive=False),
    _person("township", "乡镇", "居住的乡镇", sensitive=False),
    _person("village", "村", "居住的行政村或社区", sensitive=False),
    _person("guardians", "监护人姓名", "有几位用“；”隔开"),
    _person("guardian_ids", "监护人身份证号", "与监护人姓名的次序一致，用“；”隔开"),
    _person("phone", "联系电话", "有几个用“；”隔开"),
)
_SINCE = Column(
    "since", "享受起始日期", "date", "从哪一天起享受", example="2023-07-01",
    synonyms=("享受起始年月", "享受开始日期", "纳入时间", "纳入日期", "识别时间", "识别监测时间", "批准日期", "批准时间", "审批日期", "起始日期", "开始日期", "享受时间",
              "保障起始日期", "保障开始日期", "救助开始日期", "开始享受年月", "发证日期", "认定日期", "认定时间", "起始时间", "享受起始时间"),
)  # fmt: skip
_UNTIL = Column(
    "until", "享受终止日期", "date", "到哪一天为止（含当天）；仍在享受就留空",
    synonyms=("享受终止年月", "享受截止日期", "终止日期", "终止时间", "停发日期", "停发时间", "退出时间", "退出日期", "截止日期", "风险消除时间", "注销日期", "有效期至",
              "有效期限", "到期日期", "享受终止时间", "保障终止日期"),
)  # fmt: skip
_RELATION = Column(
    "relation", "与户主关系", "text", "全户名单用来分清成年人和孩子",
    synonyms=("与户主的关系", "家庭关系", "户主关系", "与申请人关系", "成员关系", "关系"), example="之子",
)  # fmt: skip
_REMARKS = Column("remarks", "备注", "text", "", synonyms=("说明", "其他说明"))


_ENROLLED = (
    Column(
        "enrolment", "学号", "text", "全国学籍号；有学号就能直接对上，按文本填写", sensitive=True,
        synonyms=("学籍号", "全国学籍号", "学生学籍号", "学籍编号", "全国学号", "学生学号", "学籍号码"),
    ),
    Column("school", "学校", "text", "没有学号和身份证号时，凭学校、班级和姓名查找", synonyms=("学校名称", "就读学校", "所在学校", "校名", "学校全称"), example="演示小学"),
    Column("grade", "年级", "text", "一年级、初一、小班……", synonyms=("就读年级", "所在年级", "年级名称"), example="三年级"),
    Column("class", "班级", "text", "2班，或三年级2班", synonyms=("班级名称", "就读班级", "所在班级", "年级班级", "年班", "班", "班别"), example="2班"),
)  # fmt: skip


def _category(heading: str, meaning: str, example: str, *synonyms: str) -> Column:
    return Column("category", heading, "text", meaning, synonyms=synonyms, example=example)


def _level(heading: str, meaning: str, example: str, *synonyms: str) -> Column:
    return Column("level", heading, "text", meaning, synonyms=synonyms, example=example)


def _sheet(name: str, title: str, meaning: str, *own: Column) -> Sheet:
    return Sheet(
        f"outside_{name}", title, meaning, ("name",), (*PERSON, *own, _REMARKS), personal=True
    )  # fmt: skip


OUTSIDE: dict[str, Sheet] = {
    "registered": _sheet(
        "registered", "建档立卡户名册", "乡村振兴部门：建档立卡户、脱贫户的家庭成员",
        _category("脱贫属性", "脱贫户、未脱贫户……", "脱贫户", "户类型", "户属性", "贫困户属性", "贫困户类型", "类别", "类型", "对象类别", "致贫类型", "属性"),
        _level("脱贫年度", "哪一年脱贫", "2019", "脱贫年份", "脱贫时间", "脱贫日期"),
        _RELATION, _SINCE, _UNTIL,
    ),
    "monitored": _sheet(
        "monitored", "防返贫监测对象名册", "乡村振兴部门：脱贫不稳定户、边缘易致贫户、突发严重困难户",
        _category("监测对象类别", "脱贫不稳定户、边缘易致贫户、突发严重困难户", "边缘易致贫户", "监测类别", "监测对象类型", "监测类型", "对象类别", "户类型", "类别", "类型", "户类别"),
        _level("风险状态", "风险未消除、风险已消除", "风险未消除", "风险是否已消除", "风险消除情况", "是否消除风险", "监测状态", "状态"),
        _RELATION, _SINCE, _UNTIL,
    ),
    "minimum": _sheet(
        "minimum", "最低生活保障名册", "民政部门：低保家庭的成员",
        _category("低保类别", "城市低保、农村低保", "农村低保", "保障类别", "保障类型", "救助类型", "对象类别", "类别", "类型", "城乡类别", "低保类型"),
        _level("保障档次", "A类、B类……或一档、二档", "B类", "低保档次", "保障等级", "档次", "等级", "分类", "救助等级", "保障标准档次"),
        _RELATION, _SINCE, _UNTIL,
    ),
    "destitute": _sheet(
        "destitute", "特困供养名册", "民政部门：特困救助供养人员",
        _category("供养方式", "集中供养、分散供养", "分散供养", "特困类别", "供养类别", "供养类型", "类别", "类型", "对象类别"),
        _level("自理能力", "全自理、半护理、全护理", "全自理", "护理等级", "等级", "自理程度"),
        _SINCE, _UNTIL,
    ),
    "disabled": _sheet(
        "disabled", "持证残疾人名册", "残联：持残疾人证的人员",
        _category("残疾类别", "视力、听力、言语、肢体、智力、精神、多重", "听力", "残疾类型", "残疾种类", "类别", "类型", "残疾类别及等级", "残疾类别等级", "残疾类别和等级", "残疾类别、等级", "残疾类别/等级", "残疾类别与等级"),
        _level("残疾等级", "一级至四级", "二级", "等级", "残疾级别", "级别"),
        _SINCE, _UNTIL,
    ),
    "orphan": _sheet(
        "orphan", "孤儿和事实无人抚养儿童名册", "民政部门：孤儿、事实无人抚养儿童",
        _category("儿童类别", "孤儿、事实无人抚养儿童", "事实无人抚养儿童", "保障对象类别", "对象类别", "类别", "类型", "孤儿类型", "身份类别", "儿童类型"),
        _level("养育方式", "社会散居、机构养育", "社会散居", "养育状况", "供养方式", "安置方式"),
        _SINCE, _UNTIL,
    ),
    "household": _sheet(
        "household", "户籍学龄人口名册", "公安部门：户籍在本县的学龄人口",
        _category("户口性质", "农业、非农业、居民", "农业", "户别", "户籍性质", "户口类别", "户籍类别", "城乡属性", "户口类型"),
        _level("户籍状态", "在户、迁出、死亡注销", "在户", "人员状态", "户口状态", "状态"),
        _RELATION, _SINCE, _UNTIL,
    ),
    "hardship": _sheet(
        "hardship", "家庭经济困难学生认定名册", "学校、学生资助中心：本学期认定为家庭经济困难的学生",
        *_ENROLLED,
        _level("认定等级", "按认定表上的等级填写，没有等级就留空", "", "困难等级", "困难程度", "困难类型等级", "等级", "档次", "认定档次", "贫困等级", "困难级别"),
        _category("认定依据", "凭什么认定，例如家庭突发变故", "家庭突发变故", "困难类别", "困难类型", "困难原因", "认定原因", "致困原因", "类别", "类型"),
        _SINCE, _UNTIL,
    ),
}  # fmt: skip
"""外部名册, by the short name of the source."""
