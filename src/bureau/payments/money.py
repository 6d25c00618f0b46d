"""金额: fen as people write and read yuan. Pure; never a float on the way."""

import re
from collections.abc import Mapping
from decimal import Decimal
from math import isfinite

LARGEST_FEN = 100_000_000_000_00  # 一千亿元: more is a slip of the hand
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def fen_of(typed: object) -> int | str:
    """“1,250.50元” → 125050; else the sentence that says what is wrong. A unit 万元 that is written out is heeded."""
    text = _plain(typed)
    if not text:
        return "没有填写金额，请填元，例如 1250.00"
    factor = 1_000_000 if text.endswith(("万元", "万")) else 100
    text = text.removesuffix("元").removesuffix("万")
    if not _NUMBER.fullmatch(text):
        return f"“{typed}”不是金额，请填数字（元），例如 1250.00"
    fen = Decimal(text) * factor
    if fen != fen.to_integral_value():
        return f"“{typed}”不足一分，金额最多两位小数；以万元为单位的请换算成元"
    if fen <= 0:
        return f"“{typed}”应大于 0"
    if fen > LARGEST_FEN:
        return f"“{typed}”大得不可能，请核对单位是不是元"
    return int(fen)


def yuan(fen: int) -> str:
    """125050 → 1,250.50."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def plain_yuan(fen: int) -> str:
    """125050 → 1250.50, for files that machines read."""
    return yuan(fen).replace(",", "")


def magnitude_warning(fen: int, usual: int, *, named: str = "标准") -> str | None:
    """万元误作元: a sentence when the amount is some thousand times smaller or larger than the usual one, which is `named`."""
    if usual <= 0 or usual / 1000 < fen < usual * 1000:
        return None
    if fen <= usual / 1000:
        return f"金额 {yuan(fen)} 元，{named}是 {yuan(usual)} 元，小了上千倍；是不是把万元填进了“元”"
    return f"金额 {yuan(fen)} 元，{named}是 {yuan(usual)} 元，大了上千倍；请核对单位"


def _plain(typed: object) -> str:
    if isinstance(typed, float):
        # What Excel keeps of 1250.1 is a float: two decimals of it are what was typed.
        return f"{typed:.2f}" if isfinite(typed) and abs(typed - round(typed, 2)) < 1e-6 else repr(typed)
    text = str(typed if typed is not None else "").strip()
    return text.replace(",", "").replace("，", "").replace("￥", "").replace("¥", "").replace(" ", "")


SOURCES = ("centre", "region", "county", "donation")


def in_order(shares: Mapping[str, int]) -> dict[str, int]:
    """分担比例 from the centre down: what does not divide falls to the last, and a database keeps no order of its own."""
    return {source: shares[source] for source in SOURCES if shares.get(source)}
