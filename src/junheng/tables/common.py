"""Columns that several sheets share."""

from dataclasses import replace

from junheng.tables.model import Column

SCHOOL_CODE = Column(
    "school_code",
    "学校标识码",
    "school_code",
    "教育部统一编制的10位学校（机构）标识码",
    required=True,
    synonyms=("学校代码", "学校（机构）标识码", "学校(机构)标识码", "机构代码", "学校标识"),
    example="2164000101",
)
SCHOOL_NAME = Column(
    "school_name",
    "学校名称",
    "text",
    "便于核对；与学校标识码不一致时提示",
    helper=True,
    synonyms=("学校", "校名", "单位名称"),
    example="（示例）第一小学",
)
STAGE = Column(
    "stage",
    "学段",
    "code",
    "学前、小学、初中、高中、中职、特教",
    required=True,
    codes="stage",
    synonyms=("教育阶段",),
    example="小学",
)
GRADE = Column(
    "grade",
    "年级",
    "code",
    "一年级至六年级、初一至初三、高一至高三、小班至大班",
    required=True,
    codes="grade",
    example="三年级",
)
CLASS_NUMBER = Column(
    "class_number",
    "班号",
    "integer",
    "同年级内的班号，从1开始",
    required=True,
    minimum=1,
    maximum=99,
    synonyms=("班级号", "班次"),
    example="2",
)
PERSON_NAME = Column(
    "person_name",
    "姓名",
    "text",
    "户口簿上的姓名",
    required=True,
    sensitive=True,
    synonyms=("学生姓名", "教师姓名", "名字"),
    example="张某某",
)
SEX = Column("sex", "性别", "code", "GB/T 2261.1", required=True, codes="sex", example="女")
BIRTH_DATE = Column(
    "birth_date",
    "出生日期",
    "date",
    "年月日",
    required=True,
    sensitive=True,
    synonyms=("出生年月日", "生日", "出生年月"),
    example="2015-03-08",
)
ID_NUMBER = Column(
    "id_number",
    "身份证件号",
    "id_number",
    "18位居民身份证号，末位校验码可为X；按文本填写",
    sensitive=True,
    synonyms=("身份证号", "身份证号码", "公民身份号码", "证件号码", "身份证件号码"),
    example="",
)
ETHNICITY = Column("ethnicity", "民族", "code", "GB/T 3304", codes="ethnicity", example="回族")
PHONE = Column(
    "phone",
    "联系电话",
    "phone",
    "手机或带区号的固定电话",
    sensitive=True,
    synonyms=("电话", "手机", "手机号码", "电话号码"),
    example="",
)


def optional(column: Column) -> Column:
    """The same column where a blank is allowed."""
    return replace(column, required=False)
