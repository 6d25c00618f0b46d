"""住址: one cell such as 宁夏同心县豫海镇新庄村一组 → county, township and village, where a register keeps them together."""

import re
from collections.abc import Mapping
from functools import lru_cache

from junheng.matching.registers import Texts

PLACES = ("county", "township", "village")
_UPPER = r"(?:(?:中国)?(?:宁夏(?:回族)?(?:自治区)?|[^省市县区镇乡村]{2,8}(?:省|自治区)))?(?:[^市县区镇乡村]{2,6}(?:市|州|盟|地区))?"
# 阳光小区 and 工业园区 are no counties; a district or a town of county rank is believed with a township behind it.
_COUNTY = r"(?:(?P<county>[^市县区旗镇乡村]{1,7}[县旗]|[^市县区旗镇乡村]{1,6}(?<![小社园新发库矿厂校辖])[区市](?=[^市县区]{1,8}[镇乡街])))?"
_TOWNSHIP = r"(?P<township>[^市县区乡村\d][^市县区镇乡村\d]{0,7}?(?:街道办事处|街道|民族乡|回族乡|镇|乡))?"
_VILLAGE = r"(?P<village>[^镇乡村\d]{1,10}?(?:村民委员会|村委会|村|社区居委会|社区|居委会))?"
_ADDRESS = re.compile(_UPPER + _COUNTY + _TOWNSHIP + _VILLAGE)


@lru_cache(maxsize=1 << 16)
def places_in(address: str) -> tuple[str, str, str]:
    """County, township, village as written; "" for what the cell does not name."""
    found = _ADDRESS.match(re.sub(r"[\s，,、]", "", address))
    if found is None or not (found["township"] or found["village"]):
        return "", "", ""
    return found["county"] or "", found["township"] or "", found["village"] or ""


def with_places(columns: Mapping[str, Texts]) -> dict[str, Texts]:
    """The columns without `address`: what it says stands where the register's own county, township or village says nothing."""
    if "address" not in columns:
        return dict(columns)
    rest = {name: texts for name, texts in columns.items() if name != "address"}
    said = [places_in(text or "") for text in columns["address"]]
    for at, name in enumerate(PLACES):
        own: Texts = rest.get(name) or [None] * len(said)
        filled = [mine or part[at] or None for mine, part in zip(own, said, strict=True)]
        if name in rest or any(filled):
            rest[name] = filled
    return rest
