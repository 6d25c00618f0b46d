"""任意一处走样: every cell goes wrong by itself, in no particular way."""

from datetime import timedelta

from pypinyin import lazy_pinyin

from town.identity import check_digit
from town.register_people import BOYS, GIRLS, Child, Household, given_name
from town.register_slips import (
    Line,
    Office,
    homophone,
    lookalike,
    lunar_of,
    one_digit,
    scientific,
    swapped,
    truth_line,
)


class Anyhow(Office):
    """任意一处：every cell goes wrong by itself, in no particular way: what the other offices' habits leave out."""

    def line(self, home: Household, child: Child) -> Line:
        line, chance = truth_line(child), self.chance
        other = chance.choice(home.children)
        if self.hit(0.06):
            number = line["id"]
            line["id"] = chance.choice(
                ("", one_digit(chance, number), one_digit(chance, one_digit(chance, number)), swapped(chance, number), number[: chance.randrange(18)],
                 number[:15] + "000", scientific(number, chance.choice((3, 6, 10, 15))), other.number, chance.choice(child.guardian_ids), number[4:] + number[:4],
                 number[:14] + chance.choice(home.children).number[14:], self._again(child))
            )  # fmt: skip
        if self.hit(0.04):
            name = line["name"]
            at = chance.randrange(len(name))
            anyone = chance.choice(BOYS + GIRLS)
            line["name"] = chance.choice(
                ("", homophone(chance, name), lookalike(chance, name), name[:at] + anyone + name[at + 1 :], name[:at] + name[at + 1 :], name[:at] + anyone + name[at:],
                 name[:at] + "?" + name[at + 1 :], name[::-1], child.guardians[1][0] + name[1:], name[0] + given_name(chance, child.sex == "女"), other.name,
                 name + name[-1], "".join(lazy_pinyin(name)))
            )  # fmt: skip
        if self.hit(0.06):
            born = child.born + timedelta(days=int(chance.gauss(0, 200)))
            line["born"] = chance.choice(
                ("", line["born"][:7], line["born"][:4], born.isoformat(), one_digit(chance, child.born.strftime("%Y%m%d"), 2), f"{child.born:%Y-%d-%m}",
                 (lunar_of(child.born) or born).isoformat(), other.born.isoformat())
            )  # fmt: skip
        if self.hit(0.05):
            line["township"], line["village"] = chance.choice(
                (
                    (line["township"], ""),
                    ("", ""),
                    ("演示镇", "演示村"),
                    (line["village"], line["village"]),
                    ("演示镇", line["village"]),
                )
            )
        if self.hit(0.02):
            line["county"], line["township"], line["village"] = (
                "演示县",
                "演示镇",
                chance.choice(("", "演示村")),
            )
        if self.hit(0.02):
            line["sex"] = chance.choice("男女")
        if self.hit(0.12):
            adult = chance.choice(
                (
                    home.grandfather,
                    home.uncle,
                    (child.guardians[1], child.guardian_ids[1]),
                    ("", ""),
                    (child.guardians[0], ""),
                )
            )
            line["guardians"], line["guardian_ids"] = adult
        elif self.hit(0.05):
            line["guardians"], line["guardian_ids"] = (
                homophone(chance, child.guardians[0]) if len(child.guardians[0]) > 1 else "",
                "",
            )
        elif self.hit(0.03):
            line["guardians"], line["guardian_ids"] = (
                chance.choice("王李张刘陈") + given_name(chance, False),
                "",
            )
        if self.hit(0.2):
            line["guardian_ids"] = chance.choice(
                ("", one_digit(chance, child.guardian_ids[0]), scientific(child.guardian_ids[0]))
            )
        if self.hit(0.25):
            line["phone"] = chance.choice(
                (
                    "",
                    child.phones[1],
                    f"100{chance.randrange(10**8):08d}",
                    f"100{sum(map(ord, child.village)):08d}",
                )
            )
        return line

    def _again(self, child: Child) -> str:
        """The same birth date, another serial number: registered twice."""
        head = child.number[:14] + f"{self.chance.randrange(1, 500) * 2 - (child.sex == '男'):03d}"
        return head + check_digit(head)
