"""名册的标题: under which words other offices keep the columns of a register."""

from typing import Final

from junheng.matching.registers import HEADINGS
from junheng.tables import Column, Sheet

_SYNONYMS = {
    "line": (),
    "name": (
        "学生姓名", "儿童姓名", "孩子姓名", "成员姓名", "家庭成员姓名", "残疾人姓名", "救助对象姓名", "享受人姓名", "本人姓名", "学生", "名字",
        "幼儿姓名", "保障对象姓名", "人员姓名", "受助人姓名", "受助学生姓名",
    ),
    "id": (
        "身份证号码", "公民身份号码", "公民身份证号", "身份证件号", "身份证件号码", "身份证", "证件号码", "证件号", "学生身份证号", "学生身份证号码",
        "居民身份证号", "居民身份证号码", "儿童身份证号", "成员身份证号", "本人身份证号", "残疾证号", "残疾人证号", "残疾证号码", "身份号码",
        "证件编号", "身份证号(残疾证号)",
    ),
    "sex": ("学生性别",),
    "born": ("出生年月", "出生年月日", "生日", "出生时间", "出生", "学生出生日期"),
    "county": (
        "县", "区县", "县市区", "县(市、区)", "县(市区)", "县(区)", "所在县区", "所属县区", "户籍县区", "所在县", "区县名称", "县级", "县名称", "县(区)名称",
    ),
    "township": (
        "乡", "镇", "乡(镇)", "乡镇(街道)", "乡镇街道", "乡(镇、街道)", "街道", "所在乡镇", "乡镇名称", "户籍乡镇", "所属乡镇", "镇(乡)",
        "乡镇(街道)名称", "镇街",
    ),
    "village": (
        "行政村", "村(社区)", "村社区", "村居", "社区", "村委会", "村名", "所在村", "村(居)", "行政村名称", "村(居)委会", "村组", "户籍村",
        "村(社区)名称", "居委会", "村/社区", "村居委会",
    ),
    "guardians": ("监护人", "家长姓名", "家长", "监护人(户主)", "法定监护人", "监护人名字", "主要监护人"),
    "father": ("父亲", "父亲名字", "父姓名"),
    "mother": ("母亲", "母亲名字", "母姓名"),
    "head": ("户主", "户主名字", "申请人姓名", "户主(申请人)姓名"),
    "guardian_ids": ("监护人身份证号码", "监护人证件号码", "监护人身份证件号", "监护人身份证", "家长身份证号", "家长身份证号码"),
    "father_id": ("父亲身份证号码", "父亲身份证", "父亲证件号码"),
    "mother_id": ("母亲身份证号码", "母亲身份证", "母亲证件号码"),
    "head_id": ("户主身份证号码", "户主身份证", "户主证件号码", "申请人身份证号"),
    "phone": ("电话", "手机", "手机号", "手机号码", "电话号码", "联系方式", "联系号码", "监护人电话", "监护人联系电话", "家长电话", "家长联系电话", "户主联系电话"),
}  # fmt: skip
EXTRA: Final = {
    "father": "父亲姓名", "mother": "母亲姓名", "head": "户主姓名", "father_id": "父亲身份证号", "mother_id": "母亲身份证号", "head_id": "户主身份证号",
    "address": "家庭住址",
}  # fmt: skip
MERGED: Final = {
    "guardians": ("guardians", "father", "mother", "head"),
    "guardian_ids": ("guardian_ids", "father_id", "mother_id", "head_id"),
}
SHEET: Final = Sheet(
    "matching_register", "名册", "要匹配的名册", ("name",),
    tuple(
        Column(name, HEADINGS.get(name) or EXTRA[name], "text", "", synonyms=words, sensitive=True)
        for name, words in _SYNONYMS.items()
    ),
)  # fmt: skip
# What the command line reads: a home in one cell is taken apart.
ROLL: Final = Sheet(
    SHEET.name, SHEET.title, SHEET.meaning, SHEET.key,
    (
        *SHEET.columns,
        Column("address", EXTRA["address"], "text", "", synonyms=(
            "家庭地址", "家庭详细住址", "家庭详细地址", "住址", "地址", "详细地址", "详细住址", "户籍地址", "户籍所在地", "户籍住址", "户口所在地", "户籍地",
            "现住址", "现住地", "现住地址", "现居住地", "居住地", "居住地址", "常住地址", "家庭现住址", "学生家庭住址", "监护人住址",
        ), sensitive=True),
        Column("relation", "与户主关系", "text", "", synonyms=("与户主的关系", "家庭关系", "户主关系", "与申请人关系", "成员关系", "关系", "与户主(申请人)关系")),
    ),
)  # fmt: skip
