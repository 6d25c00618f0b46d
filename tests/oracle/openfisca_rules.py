"""The aid rules of one day written for OpenFisca-Core, run by a Python of its own: `python openfisca_rules.py FOLDER`.

Reads rules.json and rows.npz, writes sums.npz (fen of every student) and figures.json. Nothing of the product is imported
here and nothing of OpenFisca there: files are all that passes. Written as one would for OpenFisca: a variable for each fact,
definition, area, clause and group, amounts as parameters, a what-if as a reform.
"""

import functools
import json
import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.reforms import Reform
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

STUDENT = build_entity("student", "students", "A student", is_person=True)
EVER = "1000-01-01"


class Rules:
    """The rules as a tax and benefit system. Money is whole fen in integers: floats of OpenFisca hold 24 bits."""

    def __init__(self, rules):
        self.rules = rules
        self.system = TaxBenefitSystem([STUDENT])
        self.system.parameters = ParameterNode("", data={
            f"clause_{n}": {f"amount_{m}": {"values": {EVER: {"value": amount["fen"]}}} for m, amount in enumerate(clause["amounts"])}
            for n, clause in enumerate(rules["clauses"])
        })  # fmt: skip
        self.definitions = []
        for name in ("county", "stage", "grade"):
            self._add(name, int)
        for number, fact in enumerate(rules["facts"]):
            self._fact(number, fact)
        for area in sorted({area for clause in rules["clauses"] for area in clause["areas"] + clause["confirmed_in"]}
                           | {area for said in rules["area_facts"] for area in said["areas"]}):  # fmt: skip
            self._add(
                f"in_{area}",
                bool,
                lambda student, period, _, area=area: inside(student("county", period), area),
            )
        for number, clause in enumerate(rules["clauses"]):
            self._clause(number, clause)
        self._sums()

    def _add(self, name, kind, formula=None, default=None):
        said = {
            "value_type": kind,
            "entity": STUDENT,
            "definition_period": DateUnit.YEAR,
            "label": name,
            "__module__": __name__,
        }
        if formula:
            # OpenFisca counts a formula's arguments, so what closures bind must not be among them.
            said["formula"] = lambda student, period, parameters: formula(student, period, parameters)
        if default is not None:
            said["default_value"] = default
        self.system.add_variable(type(name, (Variable,), said))

    def _fact(self, number, fact):
        """What the row says, and where it is blank what a document says of the whole area: certainly so, certainly not."""
        self._add(f"is_{number}", bool)
        self._add(f"blank_{number}", bool, default=True)
        said = [one for one in self.rules["area_facts"] if one["fact"] == fact]

        def yes(student, period, _):
            own = student(f"is_{number}", period)
            return (
                own | student(f"blank_{number}", period) & self._said(student, period, said)[0]
                if said
                else own
            )

        def no(student, period, _):
            blank = student(f"blank_{number}", period)
            own = ~(student(f"is_{number}", period) | blank)
            return own | blank & self._said(student, period, said)[1] if said else own

        self._add(f"fact_{number}_yes", bool, yes)
        self._add(f"fact_{number}_no", bool, no)

    def _said(self, student, period, said):
        true = np.zeros(student.count, bool)
        false = np.zeros(student.count, bool)
        for one in said:
            here = self._within(student, period, one["areas"]) & ~true & ~false
            true, false = (true | here, false) if one["value"] else (true, false | here)
        return true, false

    def _within(self, student, period, areas):
        return functools.reduce(np.logical_or, [student(f"in_{area}", period) for area in areas])

    def _truth(self, student, period, condition, certainly=True):
        word, *parts = condition
        if word == "fact":
            number = self.rules["facts"].index(parts[0])
            return student(f"fact_{number}_{'yes' if certainly else 'no'}", period)
        if word == "not":
            return self._truth(student, period, parts[0], not certainly)
        if word == "named":
            return student(
                f"definition_{self.definitions.index(parts)}_{'yes' if certainly else 'no'}", period
            )
        if not parts:
            return np.full(student.count, (word == "all") == certainly)
        both = np.logical_and if (word == "all") == certainly else np.logical_or
        return functools.reduce(both, [self._truth(student, period, part, certainly) for part in parts])

    def _define(self, condition):
        """A variable for each definition, kept by OpenFisca once computed."""
        word, *parts = condition
        for part in parts[1:] if word == "named" else parts if word != "fact" else ():
            self._define(part)
        if word == "named" and parts not in self.definitions:
            self.definitions.append(parts)
            for certainly, end in ((True, "yes"), (False, "no")):
                self._add(
                    f"definition_{len(self.definitions) - 1}_{end}", bool,
                    lambda student, period, _, part=parts[1], certainly=certainly: self._truth(student, period, part, certainly),
                )  # fmt: skip

    def _clause(self, number, clause):
        self._define(clause["condition"])

        def holds(student, period, _):
            takes = [self._takes(student, period, amount) for amount in clause["amounts"]]
            return self._entitled(student, period, clause) & functools.reduce(np.logical_or, takes)

        def met(student, period, parameters):
            fen = parameters(period)[f"clause_{number}"]
            due = np.zeros(student.count, np.int32)
            for place, amount in enumerate(clause["amounts"]):
                due[self._takes(student, period, amount)] = int(fen[f"amount_{place}"])
            due = due if clause["cap"] is None else np.minimum(due, clause["cap"])
            return np.where(self._entitled(student, period, clause), due, 0)

        self._add(f"holds_{number}", bool, holds)
        self._add(f"met_{number}", int, met)

    def _takes(self, student, period, amount):
        takes = student("stage", period) == amount["stage"]
        low, high = amount["grades"]
        if (low, high) != (0, self.rules["top_grade"]):
            grade = student("grade", period)
            takes = takes & (grade >= low) & (grade <= high)
        return takes

    def _entitled(self, student, period, clause):
        here = self._within(student, period, clause["areas"])
        if clause["confirmed_in"] != [""]:
            here = here & self._within(student, period, clause["confirmed_in"])
        return here & self._truth(student, period, clause["condition"])

    def _sums(self):
        """One variable for each group of clauses that exclude each other, one for each sum."""
        sums = {}
        for group, members in self._groups().items():
            rule = self.rules["groups"].get(group, "highest")
            for place, number in enumerate(members):
                self._add(f"paid_{number}", int, self._winner(members, place, rule))
            names = [f"paid_{number}" for number in members]
            if rule == "highest" and len({self.rules["clauses"][number]["sum"] for number in members}) == 1:
                parts = [f"met_{number}" for number in members]
                self._add(f"group_{members[0]}", int, lambda student, period, _, parts=parts: functools.reduce(np.maximum, [student(part, period) for part in parts]))  # fmt: skip
                names = [f"group_{members[0]}"]
                members = members[:1]
            for name, number in zip(names, members, strict=True):
                sums.setdefault(self.rules["clauses"][number]["sum"], []).append(name)
        for place, (_, names) in enumerate(sums.items()):
            self._add(
                f"sum_{place}",
                int,
                lambda student, period, _, names=names: sum(student(name, period) for name in names),
            )
        self.sums = list(sums)

    def _groups(self):
        groups = {}
        for number, clause in enumerate(self.rules["clauses"]):
            groups.setdefault(clause["group"] or f"alone {number}", []).append(number)
        return groups

    def _winner(self, members, place, rule):
        def formula(student, period, _):
            own = student(f"met_{members[place]}", period)
            for other_place, other in enumerate(members):
                if other_place == place or rule == "stack":
                    continue
                if rule == "first":  # also what is given without an amount comes before
                    beaten = student(f"holds_{other}", period) & (other_place < place)
                else:
                    theirs = student(f"met_{other}", period)
                    beaten = theirs >= own if other_place < place else theirs > own
                own = np.where(beaten, 0, own)
            return own

        return formula


def inside(county, area):
    """Whether division codes begin with the area's; 0 stands for a county that is not known."""
    return np.ones(len(county), bool) if not area else county // 10 ** (6 - len(area)) == int(area)


def calculated(system, rules, rows, period, wanted):
    """A simulation of its own, filled with the rows: {sum: fen of every student}."""
    simulation = SimulationBuilder().build_default_simulation(system, count=len(rows["county"]))
    for name in ("county", "stage", "grade"):
        simulation.set_input(name, period, rows[name])
    for number, fact in enumerate(rules.rules["facts"]):
        if f"fact {fact}" in rows:
            simulation.set_input(f"is_{number}", period, rows[f"fact {fact}"] == 2)
            simulation.set_input(f"blank_{number}", period, rows[f"fact {fact}"] == 1)
    return {name: simulation.calculate(f"sum_{rules.sums.index(name)}", period) for name in wanted}


def raised(rules, number, more):
    """A reform under which every amount of one clause is `more` fen higher."""

    def change(parameters):
        for amount in parameters.children[f"clause_{number}"].children.values():
            amount.update(period="year:1000:2000", value=amount(f"{rules.rules['year']}-01-01") + more)
        return parameters

    class Raised(Reform):
        def apply(self):
            self.modify_parameters(modifier_function=change)

    return Raised(rules.system)


def best(work, times=2):
    """The shortest seconds and the last answer."""
    shortest = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        answer = work()
        shortest = min(shortest, time.perf_counter() - start)
    return shortest, answer


def main(folder):
    asked = json.loads((folder / "rules.json").read_text(encoding="utf-8"))
    with np.load(folder / "rows.npz") as held:
        rows = {name: held[name] for name in held.files}
    rules = Rules(asked)
    period = str(asked["year"])
    figures = {"version": version("openfisca-core")}
    wanted = asked["wanted"] or rules.sums
    figures["pay_run"], sums = best(lambda: calculated(rules.system, rules, rows, period, wanted))
    answers = {f"students {name}": fen for name, fen in sums.items()}
    if asked["raise"]:

        def what_if():
            reform = raised(rules, asked["raise"]["clause"], asked["raise"]["fen"])
            (fen,) = calculated(reform, rules, rows, period, asked["wanted"]).values()
            return np.bincount(rows["county"], weights=fen).astype(np.int64)

        figures["what_if"], answers["counties"] = best(what_if)
    status = Path("/proc/self/status")  # not getrusage, which counts the parent's peak too
    if status.is_file():
        figures["mb"] = next(
            int(line.split()[1]) // 1024
            for line in status.read_text().splitlines()
            if line.startswith("VmHWM")
        )
    np.savez(folder / "sums.npz", **answers)
    (folder / "figures.json").write_text(json.dumps(figures), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
