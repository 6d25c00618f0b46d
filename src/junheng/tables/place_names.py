"""地名: one township or village, written in several ways, by what is left without its endings."""

import re
import unicodedata

_PLACE_ENDS = re.compile(
    r"(社区居民委员会|社区居委会|居民委员会|村民委员会|居委会|村委会|委会|街道办事处|办事处|管委会|开发区|街道|社区|行政村|自然村"
    r"|民族乡|回族乡|镇|乡|村|县|市|区|旗|(?<=[村区会])第?[一二三四五六七八九十0-9]+(村民小组|小组|组|社|队))$"
)


def place_stem(text: str) -> str:
    """地名: 丁塘镇、丁塘, 丁塘村委会, 丁塘村三组 → 丁塘; two characters at least are kept."""
    bare = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    while (short := _PLACE_ENDS.sub("", bare)) != bare and len(short) >= 2:
        bare = short
    return bare
