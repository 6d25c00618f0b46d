"""公文版式: sizes, fonts and distances of an official document, and which of them no source at hand lays down."""

from dataclasses import dataclass

# Named as offices name them; the first one a machine has is taken. English names are those inside the font files.
FANGSONG = (
    "仿宋_GB2312",
    "FangSong_GB2312",
    "仿宋",
    "FangSong",
    "方正仿宋_GBK",
    "FZFangSong-Z02",
    "STFangsong",
    "华文仿宋",
)
HEITI = ("黑体", "SimHei", "方正黑体_GBK", "FZHei-B01", "STHeiti", "华文黑体", "Heiti SC")
KAITI = (
    "楷体_GB2312",
    "KaiTi_GB2312",
    "楷体",
    "KaiTi",
    "方正楷体_GBK",
    "FZKai-Z03",
    "STKaiti",
    "华文楷体",
    "Kaiti SC",
)
XIAOBIAOSONG = ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "FZXiaoBiaoSong-B05", "小标宋体")
SONGTI = ("宋体", "SimSun", "NSimSun", "STSong", "华文宋体", "Songti SC")


@dataclass(frozen=True, slots=True)
class Layout:
    """版式: A4; lengths in mm or points as named. The fonts are wanted names, best first; a machine without them uses another."""

    top_mm: float = 37
    bottom_mm: float = 35
    left_mm: float = 28
    right_mm: float = 26
    lines: int = 22
    chars: int = 28
    body_pt: float = 16
    line_pt: float = 29
    title_pt: float = 22
    page_number_pt: float = 14
    body_fonts: tuple[str, ...] = FANGSONG
    heading_fonts: tuple[str, ...] = HEITI
    subheading_fonts: tuple[str, ...] = KAITI
    title_fonts: tuple[str, ...] = XIAOBIAOSONG
    page_number_fonts: tuple[str, ...] = SONGTI
    # From here on assumed; see ASSUMED_LAYOUT.
    level3_bold: bool = True
    head_pt: float = 46
    head_drop_mm: float = 35
    head_colour: str = "#E60000"
    red_line_gap_mm: float = 4
    red_line_pt: float = 1.5
    lines_below_red_line: int = 2
    title_line_pt: float = 35
    date_right_chars: int = 4
    imprint_pt: float = 14
    imprint_thick_mm: float = 0.35
    imprint_thin_mm: float = 0.25
    page_number_drop_mm: float = 7
    table_pt: float = 12
    wide_table_pt: float = 10.5

    @property
    def width_mm(self) -> float:
        """版心宽."""
        return 210 - self.left_mm - self.right_mm

    @property
    def height_mm(self) -> float:
        """版心高."""
        return 297 - self.top_mm - self.bottom_mm

    @property
    def char_pt(self) -> float:
        """字距: from one character to the next, so that `chars` fill a line; the last one keeps its full width."""
        # A hair less, so that rounding never sends the last one to the next line.
        return (self.width_mm / 25.4 * 72 - self.body_pt) / (self.chars - 1) - 0.002


STANDARD = Layout()

_ASSUMED = {
    "level3_bold": "三级标题加粗",
    "head_pt": "发文机关标志字号（上限，磅）",
    "head_drop_mm": "发文机关标志上边缘至版心上边缘（毫米）",
    "head_colour": "发文机关标志颜色",
    "red_line_gap_mm": "版头红线在发文字号之下（毫米）",
    "red_line_pt": "版头红线粗细（磅）",
    "lines_below_red_line": "红线与标题之间空行",
    "title_line_pt": "标题行距（磅）",
    "date_right_chars": "成文日期右空字数",
    "imprint_pt": "版记字号（磅）",
    "imprint_thick_mm": "版记首末线粗细（毫米）",
    "imprint_thin_mm": "版记中间线粗细（毫米）",
    "page_number_drop_mm": "页码距版心下边缘（毫米）",
    "table_pt": "表格字号（磅）",
    "wide_table_pt": "横排表格字号（磅）",
}

# 假定: what stands in no source at hand, as (field, Chinese name, value): settings until a named person confirms them.
ASSUMED_LAYOUT: tuple[tuple[str, str, object], ...] = tuple(
    (name, words, getattr(STANDARD, name)) for name, words in _ASSUMED.items()
)
