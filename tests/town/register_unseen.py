"""从未用于拟合的走样: offices whose errors the weights have never met."""

from datetime import timedelta

from town.identity import check_digit
from town.register_people import Child, Household, given_name
from town.register_slips import Line, Office, homophone, lookalike, truth_line


class Scanned(Office):
    """从未用于拟合：a scanned list read by machine: digits and characters that look alike, cells slipped, columns cut."""

    _CONFUSED = {"0": "68", "1": "74", "2": "7", "3": "8", "5": "6", "6": "80", "7": "1", "8": "36", "9": "0"}

    def line(self, home: Household, child: Child) -> Line:
        line, chance = truth_line(child), self.chance
        if self.hit(0.05):
            line["id"] = self._misread(line["id"], 1)
        elif self.hit(0.015):
            line["id"] = self._misread(line["id"], 2)
        elif self.hit(0.03):
            line["id"] = line["id"][: chance.choice((14, 15, 16, 17))]
        elif self.hit(0.01):
            line["id"] = line["id"] + chance.choice("01")
        if self.hit(0.04):
            line["name"] = lookalike(chance, line["name"])
        elif self.hit(0.01):
            line["name"] = line["name"][1:] + line["name"][0]
        elif self.hit(0.01):
            line["name"] = line["name"][:-1] + "□"
        elif self.hit(0.006):
            line["name"] = line["name"] + chance.choice("之一二小")
        if self.hit(0.03):
            line["born"] = self._misread(line["born"].replace("-", ""), 1)
        if self.hit(0.02):
            line["township"], line["village"] = line["village"], ""
        if self.hit(0.05):
            line["guardians"] = "；".join(
                lookalike(chance, name) if len(name) > 1 else name for name in child.guardians
            )
        if self.hit(0.03):
            line["guardians"], line["phone"] = line["phone"], line["guardians"]
        if self.hit(0.1):
            line["guardian_ids"] = self._misread(child.guardian_ids[0], 1)
        if self.hit(0.2):
            line["phone"] = self._misread(line["phone"], 1) if line["phone"].isdecimal() else ""
        return line

    def _misread(self, text: str, times: int) -> str:
        for _ in range(times):
            places = [at for at, sign in enumerate(text) if sign in self._CONFUSED]
            if places:
                at = self.chance.choice(places)
                text = text[:at] + self.chance.choice(self._CONFUSED[text[at]]) + text[at + 1 :]
        return text


class Moved(Office):
    """从未用于拟合：families that left: other county, stepfathers, numbers issued anew, months rounded, one phone for a village."""

    def line(self, home: Household, child: Child) -> Line:
        line, chance = truth_line(child), self.chance
        if self.hit(0.04):
            line["county"], line["township"], line["village"] = "演示县", "演示镇", "演示村"
        if self.hit(0.02):
            line["guardians"] = chance.choice("王李张刘陈") + given_name(chance, False)
            line["guardian_ids"] = ""
            if chance.random() < 0.3:
                line["name"] = line["guardians"][0] + child.name[1:]
        if self.hit(0.01):
            born = child.born + timedelta(days=chance.choice((-30, 30, 31, 365, -365, 1, -1)))
            head = f"{child.number[:6]}{born:%Y%m%d}{child.number[14:17]}"
            line["id"], line["born"] = head + check_digit(head), born.isoformat()
        elif self.hit(0.006):
            head = "640399" + child.number[6:17]
            line["id"] = head + check_digit(head)
        elif self.hit(0.05):
            line["id"] = chance.choice(("", "待补", "J" + child.number))
        if self.hit(0.05):
            line["born"] = f"{child.born.year}年{child.born.month}月"
        if self.hit(0.01):
            line["name"] = child.name[0] + child.name[-1] * 2
        elif self.hit(0.02):
            line["name"] = homophone(chance, homophone(chance, child.name))
        if self.area(child, "phone", 0.1):
            line["phone"] = f"100{sum(map(ord, child.village)):08d}"
        line["guardians"] = line["guardians"] if self.chance.random() < 0.7 else ""
        line["guardian_ids"] = "" if self.chance.random() < 0.6 else line["guardian_ids"]
        return line
