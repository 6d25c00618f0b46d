"""公文的检查: everything that keeps a document from going out, as sentences, all at once."""

import re
from collections import Counter
from decimal import Decimal

from junheng.documents.official.arranging import arranged
from junheng.documents.official.model import Heading, OfficialDocument

_NUMBER = re.compile(r"[\u4e00-\u9fff（）]{2,20}〔(\d{4})〕([1-9]\d*)号")
_FIGURES = "零壹贰叁肆伍陆柒捌玖"
_LARGEST = Decimal(10) ** 16


def document_number(code: str, year: int, serial: int) -> str:
    """发文字号: 同教发〔2026〕12号. ValueError for a code that is empty, a year without four digits or a serial below 1."""
    if not code or not 1000 <= year <= 9999 or serial < 1:
        raise ValueError(f"{code!r}, {year}, {serial} make no document number")
    return f"{code}〔{year}〕{serial}号"


def why_not_number(text: str) -> str | None:
    """发文字号为什么不规范: all that is wrong with it in one sentence, None when it is in order."""
    if _NUMBER.fullmatch(text):
        return None
    wrong = []
    if re.search(r"[\[［【（(]\s*\d{2,4}\s*[\]］】）)]", text):
        wrong.append("年份应当用六角括号〔〕")
    if re.search(r"[〔\[［【（(]\s*\d{2}\s*[〕\]］】）)]", text):
        wrong.append("年份应当写全四位")
    if "第" in text:
        wrong.append("序号前不加“第”字")
    if re.search(r"[〕\]］】）)]\s*第?0\d*", text):
        wrong.append("序号不编虚位（1不写作01）")
    if not text.endswith("号"):
        wrong.append("末尾应当是“号”字")
    if not re.match(r"[\u4e00-\u9fff]", text):
        wrong.append("开头应当是发文机关代字")
    if re.search(r"\s", text):
        wrong.append("中间不应有空格")
    return f"发文字号“{text}”不规范：{'；'.join(wrong) or '应当是机关代字、年份、序号三部分'}；请改正，例如 同教发〔2026〕12号"


def flaws(document: OfficialDocument) -> tuple[str, ...]:
    """公文的毛病: each as a sentence that says what to do; none when it may go out."""
    found = arranged(document)
    wrong = []
    if not document.title.strip():
        wrong.append("没有标题，请填写")
    elif document.title.rstrip()[-1] in "。；，、":
        wrong.append(f"标题末尾有标点“{document.title.rstrip()[-1]}”，请删去")
    if document.head and not document.number:
        wrong.append("没有发文字号，请在印发前编号")
    if document.number and document.head and (why := why_not_number(document.number)):
        wrong.append(why)
    if document.head and not document.signatures:
        wrong.append("没有署名，请填写发文机关")
    if document.signatures and not document.date:
        wrong.append("没有成文日期，请填写")
    if document.head and not document.body:
        wrong.append("没有正文，请填写")
    for number, attachment in enumerate(document.attachments, start=1):
        if not attachment.title.strip():
            wrong.append(f"附件{number}没有名称，请填写")
        elif attachment.title[-1] in "。；，":
            wrong.append(f"附件名称“{attachment.title}”末尾不加标点，请删去")
        if not attachment.blocks:
            wrong.append(f"附件“{attachment.title}”只有名称没有内容，请随文附上，或删去这一条")
    for code in found.unknown_refs:
        wrong.append(f"文中引用了出处“{code}”，出处表里没有，请补上或取消引用")
    for code, times in Counter(source.code for source in document.sources).items():
        if times > 1:
            wrong.append(f"出处“{code}”列了{times}次，请只保留一条")
    wrong += _levels(document)
    if document.printed_on and document.date and document.printed_on < document.date:
        wrong.append("印发日期早于成文日期，请核对")
    return tuple(wrong)


def _levels(document: OfficialDocument) -> list[str]:
    """Headings that skip a level: 1. straight below 一、 without （一）is allowed in practice only when it is so throughout."""
    last, wrong = 0, []
    for block in document.body:
        if isinstance(block, Heading) and block.numbered:
            if not block.text.strip():
                wrong.append("有一个层次标题是空的，请填写或删去")
            if last == 0 and block.level > 2:
                wrong.append(f"“{block.text}”之前没有上一级标题，请从“一、”或“（一）”开始编号")
            last = block.level
    return wrong


def amount_in_words(amount: Decimal) -> str:
    """金额大写: 1250.50 → 人民币壹仟贰佰伍拾元伍角整. ValueError when below zero, finer than a fen, or 10,000 trillion and above."""
    if amount < 0 or amount != round(amount, 2) or amount >= _LARGEST:
        raise ValueError(f"{amount} cannot be written in words")
    fen = int(amount * 100)
    yuan, cents = divmod(fen, 100)
    jiao, rest = divmod(cents, 10)
    text = f"{_whole(yuan)}元" if yuan else ""
    if jiao:
        text += f"{_FIGURES[jiao]}角"
    elif rest and yuan:
        text += "零"
    text += f"{_FIGURES[rest]}分" if rest else "整"
    return f"人民币{text if fen else '零元整'}"


def _whole(number: int) -> str:
    """Groups of four digits; a zero wherever digits are skipped inside."""
    text, gap = "", False
    for power, unit in ((12, "兆"), (8, "亿"), (4, "万"), (0, "")):
        group = number // 10**power % 10_000
        if not group:
            gap = gap or bool(text)
            continue
        if text and (gap or group < 1000):
            text += "零"
        text += _group(group) + unit
        gap = False
    return text


def _group(number: int) -> str:
    text, gap = "", False
    for power, unit in ((3, "仟"), (2, "佰"), (1, "拾"), (0, "")):
        digit = number // 10**power % 10
        if not digit:
            gap = bool(text)
            continue
        text += ("零" if gap else "") + _FIGURES[digit] + unit
        gap = False
    return text
