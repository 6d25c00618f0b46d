"""二维码卡 (cards): A4 sheets of ten household cards to cut out, each with its children's names, schools and classes and one QR code; nothing else."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from io import BytesIO

import segno

from junheng.documents.official.fonts import MISSING, chosen, compiled, missing
from junheng.documents.official.layout import STANDARD

A_SHEET = 10

# Cards of 85.6 × 54 mm, as a bank card, in two columns; hairlines to cut along.
_PAGE = b"""#let data = json("data.json")
#set document(title: data.title, date: datetime(year: 2000, month: 1, day: 1))
#set page(paper: "a4", margin: (x: 17mm, y: 11mm), footer-descent: 2mm, footer: align(center, text(size: 7pt, data.footer)))
#set text(font: data.fonts, lang: "zh", region: "cn", size: 9pt)
#set par(leading: 0.45em, spacing: 0.6em)
#let sizes(n) = if n == 1 { (15pt, 9pt) } else if n <= 3 { (11pt, 8pt) } else if n <= 6 { (9pt, 6.5pt) } else { (7pt, 5.5pt) }
#let one(card) = block(width: 88mm, height: 53mm, stroke: (paint: luma(170), thickness: 0.3pt, dash: "dashed"), inset: 4mm)[
  #let (large, small) = sizes(card.children.len())
  #let few = card.children.len() <= 3
  #grid(columns: (38mm, 1fr), column-gutter: 4mm, align: (center + horizon, left + horizon),
    [#image(bytes(card.code), format: "png", width: 37mm, scaling: "pixelated", alt: card.alt)
     #text(size: 7.5pt, tracking: 0.5pt, card.token)],
    stack(dir: ttb, spacing: if few { 2.5mm } else { 1.4mm },
      ..card.children.map(child => [#text(size: large, weight: "bold", child.name)#linebreak()#text(size: small)[#child.school#if few [#linebreak()] else [ ]#child.group]])))
]
#grid(columns: (88mm, 88mm), row-gutter: 0mm, column-gutter: 0mm, ..data.cards.map(one))
"""


@dataclass(frozen=True, slots=True)
class Child:
    """卡上的一个孩子: what is printed of it."""

    name: str
    school: str
    group: str


@dataclass(frozen=True, slots=True)
class Card:
    """一张户卡: its children, and the address that the code holds; `token` is printed in fours for typing."""

    children: tuple[Child, ...]
    address: str
    token: str


def cards_pdf(
    cards: Sequence[Card],
    *,
    title: str,
    footer: str = "",
    font_paths: Sequence[str] = (),
    progress: Callable[[float], None] = lambda share: None,
) -> bytes:
    """二维码卡 PDF: tagged and archival, ten to a sheet in the order given. NoChineseFont when the machine has none."""
    rows = []
    for number, card in enumerate(cards):
        rows.append(
            {
                "children": [asdict(child) for child in card.children],
                "code": list(qr_png(card.address)),  # files given to typst from memory hold text only
                "token": "-".join(card.token[place : place + 4] for place in range(0, len(card.token), 4)),
                "alt": f"{'、'.join(child.name for child in card.children)}的二维码",
            }
        )
        if number % 50 == 0:
            progress(number / len(cards) / 2)
    data = {"title": title, "footer": footer, "fonts": chosen(STANDARD, font_paths)["heading"], "cards": rows}
    printed = [child for card in cards for child in card.children]
    words = "".join(f"{one.name}{one.school}{one.group}" for one in printed) + title + footer
    text = json.dumps(data, ensure_ascii=False)
    for letter in missing(set(words), font_paths, STANDARD):
        text = text.replace(letter, MISSING)
    parts = {"main": _PAGE, "data.json": text.encode()}
    return compiled(parts, tuple(font_paths), format="pdf", pdf_standards="a-2a", timestamp=946_684_800)


def qr_png(address: str) -> bytes:
    """二维码 as a picture of one dot a module, with its quiet zone; a sixth of it may be dirty and it is still read."""
    stream = BytesIO()
    segno.make(address, error="m", micro=False).save(stream, kind="png", border=4, scale=1)
    return stream.getvalue()
