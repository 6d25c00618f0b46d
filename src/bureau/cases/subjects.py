"""个案的对象: who or what a case is about, and where that stands on a day, so that it reaches the right desk."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bureau.links.models import Line
from bureau.people.models import Organisation
from bureau.registry.models import School, SchoolClass, Student, Teacher
from bureau.registry.names import pinyin_key
from bureau.registry.queries import on
from junheng.tables import codes

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Place:
    """对象的名称和所在. `label` is what a list shows; the codes are "" where nothing is known."""

    label: str
    pinyin: str = ""
    school_code: str = ""
    school: str = ""
    township_code: str = ""
    class_name: str = ""
    grade: str = ""
    class_number: int | None = None
    village: str = ""
    birth_date: date | None = None

    def fields(self) -> dict[str, object]:
        """As the fields of a Case."""
        return {name: getattr(self, name) for name in self.__slots__}


Places = Mapping[str, Place]


def places(county_code: str, subject: str, keys: Collection[str], day: date) -> dict[str, Place]:
    """{key: place} on a day; a key that nobody knows is left out."""
    wanted = sorted(set(keys))
    match subject:
        case "student":
            return _students(county_code, wanted, day)
        case "school":
            schools = _schools(county_code, day)
            return {key: _of_school(schools[key]) for key in wanted if key in schools}
        case "teacher":
            return _teachers(county_code, wanted, day)
        case "class":
            return _classes(county_code, wanted, day)
        case "line":
            return _lines(county_code, wanted)
        case "organisation":
            rows = Organisation.objects.filter(county_code=county_code).select_related("area")
            found = {
                str(row.pk): Place(
                    row.name, pinyin_key(row.name), township_code=row.area.code[:9] if row.area else ""
                )
                for row in rows
            }
            return {key: found[key] for key in wanted if key in found}
        case _:
            return {}


SchoolRow = tuple[str, str, str]


def _schools(county_code: str, day: date) -> dict[str, SchoolRow]:
    """{code: (code, name, township code)}."""
    rows = School.objects.filter(on(day), county_code=county_code).values_list(
        "school_code", "school_name", "township_code"
    )
    return {code: (code, name or code, township or "") for code, name, township in rows}


def _of_school(row: SchoolRow) -> Place:
    code, name, township = row
    return Place(name, pinyin_key(name), code, name, township)


def _students(county_code: str, keys: Sequence[str], day: date) -> dict[str, Place]:
    schools = _schools(county_code, day)
    found: dict[str, Place] = {}
    for part in _parts(keys):
        rows = Student.objects.filter(county_code=county_code, key__in=part, replaced_by=None)
        values = rows.order_by("valid_from").values_list(
            "key", "person_name", "pinyin", "school_code", "grade", "class_number", "home_village", "birth_date", "valid_from",
        )  # fmt: skip
        # A child whose row has ended (left, or an import undone) is still placed where it was last.
        for key, name, pinyin, school, grade, number, village, born, since in values:
            if since > day and key in found:
                continue
            code, title, township = schools.get(school, (school, school, ""))
            found[key] = Place(
                name or "（无姓名）", pinyin or "", code, title, township, class_words(grade, number), grade or "", number,
                village or "", born,
            )  # fmt: skip
    return found


def class_words(grade: str | None, number: int | None) -> str:
    """班级 in words: 三年级2班."""
    words = codes("grade").get(grade or "", grade or "")
    return f"{words}{number}班" if words and number is not None else words


def _teachers(county_code: str, keys: Sequence[str], day: date) -> dict[str, Place]:
    schools = _schools(county_code, day)
    found: dict[str, Place] = {}
    for part in _parts(keys):
        rows = Teacher.objects.filter(county_code=county_code, key__in=part, replaced_by=None).order_by(
            "valid_from"
        )
        for key, name, pinyin, school in rows.values_list("key", "person_name", "pinyin", "school_code"):
            code, title, township = schools.get(school, (school, school, ""))
            found[key] = Place(name or "（无姓名）", pinyin or "", code, title, township)
    return found


def _lines(county_code: str, keys: Sequence[str]) -> dict[str, Place]:
    """Children of outside registers, by the newest version that has them."""
    found: dict[str, Place] = {}
    for part in _parts(keys):
        rows = Line.objects.filter(of__county_code=county_code, key__in=part).order_by("of__day", "of_id")
        for key, name, township, village, born in rows.values_list(
            "key", "name", "township_code", "village", "birth_date"
        ):
            found[key] = Place(
                name or "（无姓名）",
                pinyin_key(name, person=True),
                township_code=township,
                village=village,
                birth_date=born,
            )
    return found


def class_key(school_code: str, grade: str | None, number: int | None) -> str:
    """班级键: the subject key of a class."""
    return f"{school_code}/{grade or ''}/{number if number is not None else ''}"


def _classes(county_code: str, keys: Sequence[str], day: date) -> dict[str, Place]:
    schools = _schools(county_code, day)
    found = {}
    wanted = set(keys)
    rows = SchoolClass.objects.filter(on(day), county_code=county_code)
    for school, grade, number in rows.values_list("school_code", "grade", "class_number"):
        key = class_key(school, grade, number)
        if key in wanted:
            code, title, township = schools.get(school, (school, school, ""))
            words = class_words(grade, number)
            found[key] = Place(
                f"{title} {words}", pinyin_key(title), code, title, township, words, grade or "", number
            )
    return found


def _parts(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]
