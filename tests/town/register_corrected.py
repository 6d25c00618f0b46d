"""更正：between the two registers papers were corrected: birth and number together, names, guardians, homes."""

from datetime import date, timedelta

from town.identity import check_digit
from town.register_people import BOYS, GIRLS, Child, Household, given_name
from town.register_slips import Line, Office, truth_line


class Corrected(Office):
    """更正：a line is as the papers were before, or after: each thing changed is whole, valid and another."""

    def line(self, home: Household, child: Child) -> Line:
        line, chance = truth_line(child), self.chance
        if self.hit(0.012):
            born = self._other_day(child.born)
            line["born"], line["id"] = born.isoformat(), self._number(child, born)
        elif self.hit(0.006):
            line["id"] = self._number(child, child.born)
        elif self.hit(0.03):
            line["id"] = ""
        if chance.random() < 0.3:
            line["born"] = ""
        if self.hit(0.003):
            at = chance.randrange(1, len(child.name))
            sign = chance.choice(GIRLS if child.sex == "女" else BOYS)
            line["name"] = child.name[:at] + sign + child.name[at + 1 :]
        elif self.hit(0.001):
            line["name"] = child.name[0] + given_name(chance, child.sex == "女")
        elif self.hit(0.008):
            line["name"] = child.guardians[1][0] + child.name[1:]
        if self.hit(0.015):
            line["guardians"] = chance.choice((child.name[0], *"王李张马")) + given_name(
                chance, False, adult=True
            )
            line["guardian_ids"] = self._adult(child.guardian_ids[0])
        elif chance.random() < 0.4:
            one = chance.choice((0, 1))
            line["guardians"], line["guardian_ids"] = child.guardians[one], child.guardian_ids[one]
        elif self.hit(0.1):
            line["guardians"] = line["guardian_ids"] = ""
        if self.hit(0.03):
            line["village"] = f"{chance.choice('红星新民团结')}新村"
        elif self.hit(0.02):
            line["township"], line["village"] = f"{chance.choice('红新民团')}源镇", ""
        if self.hit(0.3):
            line["phone"] = f"100{chance.randrange(10**8):08d}" if chance.random() < 0.6 else ""
        return line

    def _other_day(self, born: date) -> date:
        """A slip of days, of months, of a year or two, or any other day."""
        chance = self.chance
        apart = chance.choice(
            (
                chance.gauss(0, 5),
                chance.gauss(0, 60),
                365.25 * chance.choice((-2, -1, 1, 2)),
                chance.gauss(0, 300),
            )
        )
        return born + timedelta(days=round(apart) or 1)

    def _number(self, child: Child, born: date) -> str:
        head = f"{child.number[:6]}{born:%Y%m%d}{self.chance.randrange(1, 500) * 2 - (child.sex == '男'):03d}"
        return head + check_digit(head)

    def _adult(self, number: str) -> str:
        """A man or woman of the same age and sex."""
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
        born += timedelta(days=round(self.chance.gauss(0, 1500)))
        head = f"{number[:6]}{born:%Y%m%d}{self.chance.randrange(0, 500) * 2 + int(number[16]) % 2:03d}"
        return head + check_digit(head)
