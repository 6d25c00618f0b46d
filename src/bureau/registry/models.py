"""登记册: the registers of the county and the imports that fill them.

Every register row is a version: what was known of one key from `valid_from` until `valid_to`. Rows are never edited.
An import adds versions (`created_by`), ends versions that were open (`ended_by`) or replaces versions (`replaced_by`);
undoing it takes back exactly these three marks. A version counts while `replaced_by` is empty.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bureau.registry.import_models import Import
from bureau.registry.import_models import ImportChange as ImportChange
from bureau.registry.import_models import ImportProblem as ImportProblem
from bureau.registry.import_models import RegisterVersion as RegisterVersion


class RegisterRow(models.Model):
    """登记册的一个版本: what was known of `key` from `valid_from` (inclusive) to `valid_to` (exclusive, empty = still)."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=80)
    county_code = models.CharField(max_length=6)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    # Undo reads a register once from end to end; an index on each mark would cost every import more than that.
    created_by = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="+", db_index=False)
    ended_by = models.ForeignKey(
        Import, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    replaced_by = models.ForeignKey(
        Import, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key", "valid_from"],
                condition=Q(replaced_by=None),
                name="%(class)s_one_version_a_day",
            ),
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(replaced_by=None, valid_to=None),
                name="%(class)s_one_open_version",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="%(class)s_ends_after_start",
            ),
        ]


def _text(length: int = 120) -> models.CharField:  # type: ignore[type-arg]
    return models.CharField(max_length=length, null=True)


def _sealed() -> models.BinaryField:  # type: ignore[type-arg]
    return models.BinaryField(null=True)


def _lookup(*, index: bool = False) -> models.CharField:  # type: ignore[type-arg]
    return models.CharField(max_length=64, null=True, db_index=index)


class School(RegisterRow):
    """学校. `township_code` and `pinyin` are worked out when the row is stored."""

    school_code = models.CharField(max_length=10, db_index=True)
    school_name = _text()
    school_kind = _text(3)
    organizer = _text(2)
    locale = _text(3)
    township = _text(60)
    village = _text(60)
    address = _text(200)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    built_year = models.IntegerField(null=True)
    boarding = models.BooleanField(null=True)
    has_charter = models.BooleanField(null=True)
    funded_pupils = models.IntegerField(null=True)
    public_budget = models.FloatField(null=True)
    public_final = models.FloatField(null=True)
    training_spend = models.FloatField(null=True)
    intake_from_zone = models.IntegerField(null=True)
    intake_total = models.IntegerField(null=True)
    head_name = _text(60)
    phone = _sealed()
    phone_lookup = _lookup()
    township_code = models.CharField(max_length=12, null=True, db_index=True)
    pinyin = _text(200)


class Premises(RegisterRow):
    """校舍与设备."""

    school_code = models.CharField(max_length=10, db_index=True)
    premises_stage = _text(10)
    site_area = models.FloatField(null=True)
    building_area = models.FloatField(null=True)
    teaching_area = models.FloatField(null=True)
    indoor_sports_area = models.FloatField(null=True)
    gymnasium_area = models.FloatField(null=True)
    sports_ground_area = models.FloatField(null=True)
    extra_sports_area = models.FloatField(null=True)
    equipment_value = models.FloatField(null=True)
    multimedia_rooms = models.IntegerField(null=True)
    music_rooms = _text(200)
    art_rooms = _text(200)
    computers = models.IntegerField(null=True)
    books = models.IntegerField(null=True)
    dormitory_area = models.FloatField(null=True)
    canteen_area = models.FloatField(null=True)


class SchoolClass(RegisterRow):
    """班级."""

    school_code = models.CharField(max_length=10, db_index=True)
    stage = _text(10)
    grade = _text(3)
    class_number = models.IntegerField(null=True)
    class_kind = _text(10)
    class_students = models.IntegerField(null=True)
    class_teacher = _text(60)


class Student(RegisterRow):
    """学生. The key is the keyed hash of the enrolment number, because a G number contains the ID number."""

    county_code = models.CharField(max_length=6)  # no index of its own: both below begin with it
    enrolment_number = _sealed()
    enrolment_number_lookup = _lookup()
    enrolment_number_tail = _lookup()
    person_name = _text(60)
    sex = _text(1)
    birth_date = models.DateField(null=True)
    id_kind = _text(20)
    id_number = _sealed()
    id_number_lookup = _lookup(index=True)
    id_number_tail = _lookup(index=True)
    ethnicity = _text(2)
    household_kind = _text(10)
    household_area = _text(60)
    home_township = _text(60)
    home_village = _text(60)
    home_address = _text(200)
    school_code = models.CharField(max_length=10)  # within its county, in the second index below
    stage = _text(10)
    grade = _text(3)
    class_number = models.IntegerField(null=True)
    entered_on = models.DateField(null=True)
    entry_way = _text(10)
    attendance_way = _text(10)
    enrolment_status = _text(10)
    status_on = models.DateField(null=True)
    migrant = models.BooleanField(null=True)
    left_behind = models.BooleanField(null=True)
    orphan = models.BooleanField(null=True)
    disability = _text(10)
    inclusion = _text(10)
    registered_household = models.BooleanField(null=True)
    minimum_living = models.BooleanField(null=True)
    destitute = models.BooleanField(null=True)
    nutrition_meals = models.BooleanField(null=True)
    school_bus = models.BooleanField(null=True)
    home_distance = models.FloatField(null=True)
    guardian_name = _text(60)
    guardian_relation = _text(10)
    guardian_id = _sealed()
    guardian_id_lookup = _lookup()
    guardian_phone = _sealed()
    guardian_phone_lookup = _lookup()
    guardian2_name = _text(60)
    guardian2_phone = _sealed()
    guardian2_phone_lookup = _lookup()
    remarks = _text(400)
    pinyin = _text(200)

    class Meta(RegisterRow.Meta):
        # One child may stand in the lists of two counties: that is for people to settle, not for an import to refuse.
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key", "county_code", "valid_from"],
                condition=Q(replaced_by=None),
                name="student_one_version_a_day",
            ),
            models.UniqueConstraint(
                fields=["key", "county_code"],
                condition=Q(replaced_by=None, valid_to=None),
                name="student_one_open_version",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="student_ends_after_start",
            ),
        ]
        # Lists and counts of 70,000 students are read from the index alone, and what the filters of a list ask is decided there.
        indexes: ClassVar = [
            models.Index(
                fields=[
                    "county_code",
                    "replaced_by",
                    "pinyin",
                    "valid_from",
                    "valid_to",
                    "person_name",
                    "stage",
                    "grade",
                    "sex",
                    "enrolment_status",
                    "registered_household",
                    "minimum_living",
                    "left_behind",
                    "class_number",
                    "destitute",
                    "orphan",
                    "migrant",
                    "disability",
                ],
                name="student_by_name",
            ),
            models.Index(
                fields=[
                    "county_code",
                    "replaced_by",
                    "school_code",
                    "grade",
                    "class_number",
                    "enrolment_status",
                    "valid_from",
                    "valid_to",
                ],
                name="student_by_school",
            ),
        ]


class Teacher(RegisterRow):
    """教师. The key is the keyed hash of the ID number."""

    id_number = _sealed()
    id_number_lookup = _lookup()
    id_number_tail = _lookup(index=True)
    person_name = _text(60)
    sex = _text(1)
    birth_date = models.DateField(null=True)
    ethnicity = _text(2)
    school_code = models.CharField(max_length=10, db_index=True)
    post_kind = _text(10)
    teaching_stage = _text(10)
    education = _text(2)
    major = _text(60)
    subject = _text(10)
    title = _text(10)
    backbone = _text(10)
    certificate = models.BooleanField(null=True)
    establishment = _text(10)
    work_start = models.DateField(null=True)
    posted_on = models.DateField(null=True)
    rotation_eligible = models.BooleanField(null=True)
    rotating = models.BooleanField(null=True)
    shared_school = _text(10)
    training_hours = models.FloatField(null=True)
    weekly_lessons = models.FloatField(null=True)
    phone = _sealed()
    phone_lookup = _lookup()
    pinyin = _text(200)


class Relief(RegisterRow):
    """特殊情形认定."""

    school_code = models.CharField(max_length=10, db_index=True)
    relief = _text(30)
    granted_on = models.DateField(null=True)
    evidence = _text(300)


class CountyFigure(RegisterRow):
    """县级数据."""

    item = _text(40)
    figure = models.FloatField(null=True)
    conclusion = _text(10)
    evidence = _text(300)


REGISTERS: dict[str, type[RegisterRow]] = {
    "schools": School,
    "premises": Premises,
    "classes": SchoolClass,
    "students": Student,
    "teachers": Teacher,
    "reliefs": Relief,
    "county": CountyFigure,
}
