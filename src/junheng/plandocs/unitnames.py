"""单位名称: one list of bodies → its names, shared beginnings and endings restored."""

from __future__ import annotations

import re

_NOISE = re.compile(
    r"^(?:以及|及|和|与|由|请|会同|其他|：)+|(?:等)?(?:有关|相关)?(?:职能)?(?:部门|单位)?(?:等)$|等$|(?:按照?)?(?:各自)?职责分工.*$|负责$|落实$|[。.；;]+$"
)
_GENERIC = "幼儿园|学校|街道|乡镇|部门|单位|镇|乡|区|县|县级市|高校|中小学|园区|企业|开发区|科室|管委会|医院|街道办|街道办事处|办事处|县（市、区）人民政府|县（市、区）|县（市）区|区人民政府|县人民政府|地"


def split_units(words: str) -> tuple[str, ...]:
    """分列单位: names of one list, shared beginnings restored: 各学校、幼儿园 → 各幼儿园, 县委宣传部、统战部 → 县委统战部."""
    pieces: list[str] = []
    depth = 0
    piece = ""
    for c in words:
        if c in "（(":
            depth += 1
        elif c in "）)":
            depth = max(0, depth - 1)
        if depth == 0 and c in "、，,；;/\n 　":
            pieces.append(piece)
            piece = ""
        else:
            piece += c
    pieces.append(piece)
    names: list[str] = []
    for raw in pieces:
        for name in re.split(
            r"(?<=[局厅委办会府])(?:和|及|以及)(?=[\u4e00-\u9fff]{2,14}(?:[局厅委办会府]|部门)$)", raw
        ):
            name = re.sub(r"\s", "", name)
            previous = None
            while previous != name:
                previous = name
                name = _NOISE.sub("", name)
            if name:
                names.append(name)
    return tuple(_restored(names))


def _restored(names: list[str]) -> list[str]:
    out: list[str] = []
    for name in names:
        before = out[-1] if out else ""
        party = re.match(r"([省市县区州旗]委|中央|自治区党委|省委|区党委)[\u4e00-\u9fff]+部$", before)
        if re.search(r"[^各]各[\u4e00-\u9fff]{1,3}$", before) and re.fullmatch(
            "中心|科室|股室|单位|部门", name
        ):
            # 局机关各室、中心 is one body in two words.
            out[-1] = f"{before}、{name}"
        elif party and re.fullmatch(r"[\u4e00-\u9fff]{2,3}部", name):
            out.append(party[1] + name)
        elif re.match("各", before) and (
            (len(before) <= 5 and re.fullmatch(_GENERIC, name))
            or (
                len(before) <= 9
                and re.fullmatch(
                    r"(?:县级市|自治[县州]|县|区|市|镇|乡|街道|旗)(?:（[^（）]*）)?(?:人民政府|政府|党委|管委会|党工委)",
                    name,
                )
            )
        ):
            out.append("各" + name)
        else:
            out.append(name)
    # 各市、县人民政府: the office at the end belongs to every place before it.
    tail = re.search(r"(人民政府|政府|党委|管委会)$", out[-1]) if len(out) > 1 else None
    if tail:
        for place, name in enumerate(out[:-1]):
            if re.fullmatch(
                r"各?[\u4e00-\u9fff（）、]{0,6}[省市县区州盟旗镇乡]|各(?:地级以上|设区的?)市|各县（市、区）|各自治[区州县]|自治[区州县]|直辖市|县级市|各县级市",
                name,
            ):
                out[place] = name + tail[1]
    return out
