"""词表: measure words the rules share. General words of official Chinese; no place, no document."""

from __future__ import annotations

import re


def words(listed: str) -> list[str]:
    """词表: the words of a list written with blanks between them."""
    return listed.split()


# Long before short: 平方公里 must win over 平方.
_MEASURES = words(
    "平方公里 平方千米 平方米 平方厘米 立方米 公里 千米 厘米 毫米 海里 公顷 公斤 千克 毫克 吨标准煤 标准煤 千瓦时 兆瓦时 兆瓦 千瓦 吉瓦 "
    "焦耳 千卡 摄氏度 英寸 Mbps Gbps MB GB TB kW MW GW kWh ㎡ km² m² PFLOPS EFLOPS 场次 架次 班次 件次 例次 车次 人次 人天 人日 课时 学时 "
    "学分 学位 床位 机位 车位 泊位 标箱 小时 分钟 秒钟 辆次 艘次 户次 批次 人年 蒸吨 标台 千伏安 千伏 兆帕 毫升 微米 纳米 个月 个小时 个工作日 工作日 周岁 年级 微克 卢比 "
    "个 所 名 位 人 户 家 项 件 座 处 间 辆 台 套 条 张 床 册 场 次 堂 节 门 本 篇 届 年 岁 天 日 周 轮 期 批 支 棵 株 只 头 匹 口 眼 艘 架 部 片 块 "
    "幅 份 枚 例 起 宗 亩 吨 米 升 兆 度 瓦 倍 成 番 类 级 种 档 步 班 组 队 对 盏 根 卷 集 款 颗 粒 滴 孔 站 村 校 镇 乡 县 市 省 园 国 斤 克 列 席 方 伏 核"
)
MEASURES = tuple(sorted(set(_MEASURES), key=lambda word: (-len(word), word)))
# 分 is a mark, never the beginning of 分别, 分之 or 分公司.
MEASURE = (
    "(?:"
    + "|".join(re.escape(word) for word in MEASURES)
    + "|分贝|℃|层(?![次面级出])|分(?=以|及|左|，|。|；|、|）|的|\n))"
)
UNIT_WORD = re.compile(f"(?:{MEASURE}|[%‰年月日万亿余多倍元成个])")
