"""领导小组: who leads, who deputises, who belongs; names with a blank inside, lists over several lines, office holders."""

from __future__ import annotations

import itertools
import re

from junheng.plandocs.flat import Flat
from junheng.plandocs.items import Person, Warning_
from junheng.plandocs.lines import Line

_ROLE_WORDS = [
    "常务副组长",
    "第一组长",
    "执行组长",
    "副组长",
    "组长",
    "总指挥长",
    "副总指挥长",
    "常务副总指挥",
    "副总指挥",
    "总指挥",
    "副指挥长",
    "指挥长",
    "成员单位",
    "成员",
    "秘书长",
    "副秘书长",
    "召集人",
    "副召集人",
    "总召集人",
    "常务副主任",
    "副主任委员",
    "主任委员",
    "副主任",
    "主任",
    "委员",
    "联络员",
    "顾问",
    "名誉组长",
    "办公室主任",
    "办公室副主任",
]
_ROLE = re.compile("|".join(sorted(_ROLE_WORDS, key=len, reverse=True)))
_LINE = re.compile(rf"(?P<role>(?:双)?(?:{_ROLE.pattern})|长|员)：(?P<rest>.+)$")
_SURNAME = (
    "欧覃仝亓呼苟卿冼粟冉阳佟郎侍泽次旦尼扎索格阿巴布木热买艾吾赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和"
    "穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程"
    "嵇邢滑裴陆荣翁荀羊惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭"
    "贡劳逄姬申扶堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东殴殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰"
    "巢关蒯相查后荆红游竺权逯盖益桓公拓海撒锁者肖闫付代帅化原兰拜虎丁闪买"
)
NAME = re.compile(rf"(?:[{_SURNAME}][\u4e00-\u9fff·]{{1,3}}|[\u4e00-\u9fff]{{2,8}}·[\u4e00-\u9fff]{{2,10}})")
_POST_HINT = re.compile(
    "县|市|省|区|州|局|委|办|长|主任|书记|校长|院|厅|部|镇|乡|街道|主席|常委|政府|负责|干部|经理|科|处|股|室|会"
)
_SLOT = re.compile(
    r"(?P<post>(?:[\u4e00-\u9fff（）、]{0,40}?)(?:领导|负责同志|负责人|主要负责同志|书记|县长|市长|省长|区长|局长|部长|主任|镇长|州长|副县长|副市长|副区长|副省长))(?:同志)?(?:担?任|为|兼任?)(?P<role>常务副组长|第一组长|副组长|组长|总指挥|副总指挥|召集人|副召集人|主任|指挥长)"
)
_MEMBERS = re.compile(r"(?P<post>[\u4e00-\u9fff、（）]{4,60}?)为成员")
_CONCURRENT = re.compile(
    rf"(?P<name>[{_SURNAME}][\u4e00-\u9fff]{{1,2}})(?:同志)?(?:兼任|担任|任|兼)(?P<role>办公室主任|办公室副主任|组长|副组长|主任)"
)


_BY_NAME = re.compile(
    rf"(?P<role>办公室主任|组长|副组长|召集人)由[^，。；\n]{{0,24}}?(?P<name>[{_SURNAME}][\u4e00-\u9fff]{{1,2}})同志(?:兼任|担任)"
)


def find_persons(flat: Flat, lines: tuple[Line, ...]) -> tuple[list[Person], list[Warning_]]:
    """领导小组成员: 组长：…, the lines that go on with deputies and members, and 某某任组长 in running text."""
    found: list[Person] = []
    warnings: list[Warning_] = []
    role = ""
    for line in lines:
        m = _LINE.match(line.text)
        if m and not (m["role"] in ("长", "员") and line.text[0] not in "长员"):
            role, repaired = m["role"].removeprefix("双"), False
            if role in ("长", "员"):
                role, repaired = ("组长" if role == "长" else "成员"), True
            if role == "成员单位":
                continue
            if len(m["rest"]) > 200 and "。" not in m["rest"]:
                pass
            start = line.start + m.start("rest")
            people = _people(flat, start, line.end, role)
            if len(people) == 0:
                role = ""
                continue
            found.extend(people)
            if repaired:
                warnings.append(
                    Warning_(
                        "text not covered",
                        line.start,
                        start,
                        f"“{line.text[: m.start('rest')]}”前面丢了字，已读作“{role}：”，请与原件核对。",
                        role,
                        repair=True,
                    )
                )
            continue
        if role and _continues(flat, line):
            found.extend(_people(flat, line.start, line.end, role))
        else:
            role = ""
    found.extend(_answering(flat))
    found.extend(_in_text(flat, found))
    return sorted(found, key=lambda item: item.start), warnings


_ANSWERING = re.compile(
    r"(?P<role>(?:第一)?责任人|责任领导|牵头领导|分管领导|包抓领导|包保领导)：(?P<names>[\u4e00-\u9fff·、]{2,40})(?=[；。，\n）〕]|$)"
)


def _answering(flat: Flat) -> list[Person]:
    """责任人：某某、某某 behind a measure; offices without a name are left to the bodies."""
    return [
        Person(
            m.start("names") + name.start(),
            m.start("names") + name.end(),
            m["role"],
            name.group(),
            "",
            "persons.answering",
        )
        for m in _ANSWERING.finditer(flat.text)
        for name in re.finditer("[^、]+", m["names"])
        if NAME.fullmatch(name.group()) and not _post_like(name.group())
    ]


def _continues(flat: Flat, line: Line) -> bool:
    """A line that goes on with names: a name, a blank, a post; no full stop."""
    if len(line.text) > 60 or re.search("[。：；]", line.text):
        return False
    pieces = _pieces(flat, line.start, line.end)
    first = flat.text[pieces[0][0] : pieces[0][1]]
    bracketed = re.fullmatch(rf"{NAME.pattern}（[^（）]+）", first)
    if bracketed:
        return True
    name = NAME.fullmatch(first) or re.fullmatch("[\u4e00-\u9fff]{2,4}", first)
    return bool(name) and len(pieces) >= 2 and not re.match("[一二三四五六七八九十]、", line.text)


def _pieces(flat: Flat, start: int, end: int) -> list[tuple[int, int]]:
    """Words between blanks and list marks; a single character joins its neighbour: 韩　正 is one name."""
    cuts = sorted({start, end, *flat.gaps_in(start, end)})
    pieces: list[tuple[int, int]] = []
    for a, b in itertools.pairwise(cuts):
        single = b - a == 1 or flat.text[a + 1 : a + 2] in ("（", "、", "，")
        lone = pieces and (
            pieces[-1][1] - pieces[-1][0] == 1
            or re.search("[、，].$", flat.text[pieces[-1][0] : pieces[-1][1]])
        )
        if lone and single and pieces[-1][1] == a:
            pieces[-1] = (pieces[-1][0], b)
        else:
            pieces.append((a, b))
    return pieces


def _people(flat: Flat, start: int, end: int, role: str) -> list[Person]:
    text = flat.text
    stop = text.find("。", start, end)
    if stop >= 0:
        end = stop
    if end <= start:
        return []
    pieces = _pieces(flat, start, end)
    # 张三、李四: names parted by list marks inside a piece.
    people: list[Person] = []
    place = 0
    while place < len(pieces):
        a, b = pieces[place]
        words = text[a:b].strip("、，,")
        a += len(text[a:b]) - len(text[a:b].lstrip("、，,"))
        b = a + len(words)
        listed = [part for part in re.split("[、，]", words) if part]
        if len(listed) > 1 and all(NAME.fullmatch(part) and not _post_like(part) for part in listed):
            offset = a
            for part in listed:
                offset = text.index(part, offset)
                people.append(Person(offset, offset + len(part), role, part, "", "persons.list"))
                offset += len(part)
            place += 1
            continue
        bracketed = re.fullmatch(rf"({NAME.pattern})（([^（）]+)）", words)
        if bracketed and not _post_like(bracketed[1]):
            people.append(
                Person(
                    a,
                    a + len(bracketed[1]),
                    role,
                    bracketed[1],
                    flat.words(a + bracketed.start(2), a + bracketed.end(2)),
                    "persons.bracket",
                )
            )
            place += 1
            continue
        named = NAME.fullmatch(words) is not None
        if not named and place + 1 < len(pieces):
            # A rare surname: two to four characters, a blank, and a post.
            after = text[slice(*pieces[place + 1])]
            named = bool(
                re.fullmatch("[\u4e00-\u9fff]{2,4}", words) and len(after) >= 4 and _POST_HINT.search(after)
            )
        if named and not _post_like(words):
            post = ""
            if place + 1 < len(pieces):
                c, d = pieces[place + 1]
                following = text[c:d].strip("、，")
                if not (NAME.fullmatch(following) and not _post_like(following)):
                    post = flat.words(c, d).strip("、，,")
                    place += 1
                    # A post may hold blanks itself: 县委常委　副县长.
                    while place + 1 < len(pieces):
                        e, f = pieces[place + 1]
                        extra = text[e:f].strip("、，")
                        if NAME.fullmatch(extra) and not _post_like(extra):
                            break
                        post += "、" + flat.words(e, f).strip("、，,")
                        place += 1
            people.append(Person(a, b, role, words, post, "persons.line"))
            place += 1
            continue
        glued = re.match(
            rf"(?P<name>[{_SURNAME}][\u4e00-\u9fff]{{1,2}})[，]?(?P<post>(?:县|市|省|区|州|国|中央|局|镇|乡|副)[\u4e00-\u9fff、（）]+(?:长|主任|书记|主席|委|员))$",
            words,
        )
        if glued and len(pieces) == 1:
            people.append(
                Person(a, a + glued.end("name"), role, glued["name"], glued["post"], "persons.glued", 0.5)
            )
            place += 1
            continue
        break
    if people:
        return people
    post_end = end
    office = re.search("。|领导小组下设", text[start:end])
    if office:
        post_end = start + office.start()
    post = _join(flat, start, post_end)
    if post and (_POST_HINT.search(post)):
        return [Person(start, post_end, role, "", post, "persons.post", 0.8)]
    return []


def _join(flat: Flat, start: int, end: int) -> str:
    apart = set(flat.gaps_in(start, end))
    return "".join((" " if p in apart else "") + flat.kept[p] for p in range(start, end)).strip()


def _post_like(words: str) -> bool:
    return (
        bool(re.search("[长任记]$|负责|领导|局$|委$|办$|各|主席$|部门|单位|科室|成员|学校", words))
        and len(words) > 2
    )


def _in_text(flat: Flat, known: list[Person]) -> list[Person]:
    """政府主要领导任组长 and 某某同志兼任办公室主任 in running text."""
    text = flat.text
    out: list[Person] = []
    for m in _SLOT.finditer(text):
        post = re.sub("^(?:成立)?(?:由|以)|^建立|^成立", "", m["post"])
        post = re.split("[，。由]", post)[-1]
        start = m.end("post") - len(post)
        out.append(
            Person(
                start, m.end("post"), m["role"], "", flat.words(start, m.end("post")), "persons.in text", 0.7
            )
        )
    if out:
        for m in _MEMBERS.finditer(text):
            if any(0 < m.start() - p.end < 60 for p in out):
                out.append(
                    Person(
                        m.start("post"),
                        m.end("post"),
                        "成员",
                        "",
                        flat.words(*m.span("post")),
                        "persons.in text",
                        0.7,
                    )
                )
    for m in _CONCURRENT.finditer(text):
        if not _post_like(m["name"]) and not any(p.start <= m.start() < p.end for p in known):
            out.append(
                Person(m.start("name"), m.end("name"), m["role"], m["name"], "", "persons.concurrent", 0.8)
            )
    for m in _BY_NAME.finditer(text):
        out.append(Person(*m.span("name"), m["role"], m["name"], "", "persons.by name", 0.8))
    return out
