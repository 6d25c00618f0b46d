"""从未用于拟合的走样，另一种: sheets that were sorted, cut and pasted, and children called by what they are called at home."""

from datetime import timedelta
from random import Random

from town.register_people import Child, Household
from town.register_slips import Line, Office, one_digit, truth_line


class Slipped(Office):
    """从未用于拟合：cells pasted a line too low, ages turned into birth dates, names of the home, groups of villages, the grandmother as head."""

    def __init__(self, chance: Random, rate: float) -> None:
        super().__init__(chance, rate)
        self._above: Line = {}

    def line(self, home: Household, child: Child) -> Line:
        line, chance = truth_line(child), self.chance
        plain = dict(line)
        for columns, share in (
            (("id",), 0.006),
            (("guardians", "guardian_ids"), 0.01),
            (("phone",), 0.02),
            (("born",), 0.006),
        ):
            if self._above and self.hit(share):
                for column in columns:
                    line[column] = self._above[column]
        self._above = plain
        if self.hit(0.01):
            line["name"] = chance.choice(("小", "阿", "尕")) + child.name[-1]
        elif self.hit(0.008):
            line["name"] = child.name[0] + child.name[-1] + chance.choice("娃子儿")
        elif self.hit(0.006):
            line["name"] = child.name + child.guardians[0][-1]
        elif self.hit(0.004):
            line["name"] = child.name[1:]
        if self.area(child, "ages", 0.04):
            line["born"] = f"{child.born.year + chance.choice((0, 0, 1))}"
        elif self.hit(0.01):
            line["born"] = (child.born - timedelta(days=chance.choice((280, 300, 365)))).isoformat()
        if self.area(child, "cut", 0.03):
            line["id"] = child.number[6:]
        elif self.hit(0.01):
            line["id"] = child.number[:6] + child.number[8:]
        elif self.hit(0.008):
            line["id"] = one_digit(chance, child.number[::-1])[::-1]
        elif self.hit(0.03):
            line["id"] = chance.choice(("", "未办", "同父"))
        if self.area(child, "groups", 0.2):
            line["village"] += f"{chance.choice('一二三四五六')}组"
        if self.area(child, "blank", 0.05):
            line["township"] = ""
        if self.hit(0.05):
            line["guardians"] = chance.choice("马王李白金") + chance.choice(("氏", "秀英", "桂兰", "玉珍"))
            line["guardian_ids"] = ""
        elif chance.random() < 0.5:
            line["guardian_ids"] = ""
        if self.hit(0.2):
            line["phone"] = chance.choice(("", child.phones[1], f"100{chance.randrange(10**8):08d}"))
        return line
