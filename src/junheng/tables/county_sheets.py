"""县级数据, and the one-row-a-school table 校表 read by `junheng assess --facts`."""

from dataclasses import replace

from junheng.tables.common import SCHOOL_NAME, STAGE
from junheng.tables.model import Column, Sheet

COUNTY = Sheet(
    "county",
    "县级数据",
    "县级填报的数字、经费、单价和结论，每项一行",
    ("item",),
    (
        Column(
            "item",
            "项目",
            "code",
            "见下拉列表",
            required=True,
            codes="county_item",
            synonyms=("指标", "项目名称"),
            example="总人口",
        ),
        Column("figure", "数值", "decimal", "按该项目的单位填写", synonyms=("数据", "值"), example="32.6"),
        Column(
            "conclusion",
            "结论",
            "code",
            "材料类项目填“达标”或“未达标”",
            codes="conclusion",
            synonyms=("是否达标",),
            example="",
        ),
        Column(
            "evidence",
            "依据",
            "text",
            "数据来源、文件名称文号或佐证材料编号",
            synonyms=("数据来源", "佐证材料", "说明"),
            example="",
        ),
    ),
    synonyms=("县级数据表", "县级填报"),
)


def _count(name: str, heading: str, meaning: str, *synonyms: str, unit: str = "人", example: str) -> Column:
    """A whole number a school reports."""
    return Column(
        name,
        heading,
        "integer",
        meaning,
        unit=unit,
        minimum=0,
        maximum=100_000,
        synonyms=synonyms,
        example=example,
    )


FACTS = Sheet(
    "facts",
    "校表",
    "每校每学段一行的资源数据；空白为未报，不是0",
    ("county", "school", "stage"),
    (
        Column(
            "county",
            "县区",
            "text",
            "可省略；填写时按县分别汇总",
            synonyms=("县", "区县", "县（区）"),
            example="同心县",
        ),
        replace(SCHOOL_NAME, name="school", helper=False, required=True, meaning="学校名称"),
        replace(STAGE, codes="compulsory_stage", meaning="小学或初中"),
        _count("students", "在校生数", "具有学籍并在本学年初注册的学生", "学生数", example="420"),
        _count(
            "qualified_teachers",
            "高于规定学历教师数",
            "小学为专科及以上、初中为本科及以上专任教师",
            example="21",
        ),
        _count("backbone_teachers", "县级以上骨干教师数", "县级及以上", "县级及以上骨干教师数", example="5"),
        _count(
            "arts_sports_teachers",
            "体育艺术专任教师数",
            "体育、音乐、美术、艺术",
            "体育、艺术专任教师数",
            "体育艺术（美术、音乐）专任教师数",
            example="4",
        ),
        Column(
            "teaching_area",
            "教学及辅助用房面积",
            "decimal",
            "已扣除室内体育用房",
            unit="㎡",
            minimum=0,
            maximum=1_000_000,
            example="2100",
        ),
        Column(
            "sports_area",
            "体育运动场馆面积",
            "decimal",
            "体育馆加运动场地",
            unit="㎡",
            minimum=0,
            maximum=1_000_000,
            example="3400",
        ),
        Column(
            "equipment_value",
            "教学仪器设备值",
            "decimal",
            "账面原值",
            unit="万元",
            minimum=0,
            maximum=100_000,
            synonyms=("教学仪器设备值（万元）", "教学仪器设备值(万元)"),
            example="90.5",
        ),
        Column(
            "multimedia_rooms",
            "网络多媒体教室数",
            "integer",
            "间数",
            unit="间",
            minimum=0,
            maximum=1000,
            example="12",
        ),
    ),
    synonyms=("学校事实表", "资源配置校表"),
)
