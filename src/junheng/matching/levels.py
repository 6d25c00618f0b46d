"""比较等级: in how many ways two registers' fields can agree or differ. The words are those of the model file and of the docs."""

from typing import Final

ID: Final = (
    "unknown", "equal", "equal_invalid", "equal_shared", "one_digit", "one_digit_valid", "swapped", "dropped", "two_digits", "lost_15", "lost_14",
    "lost_some", "lost_differs", "same_date_valid", "same_date", "other_date_valid", "other_date", "guardian_of_other", "guardian",
    "tail_same", "placeholder", "sibling",
)  # fmt: skip
BORN: Final = (
    "unknown", "equal", "lunar", "one_digit", "swapped", "year_off", "month_same", "close", "months", "year_same", "near", "far", "month_only", "year_only",
    "by_number",
)  # fmt: skip
NAME: Final = (
    "unreadable", "exact", "wildcard", "sound", "fuzzy", "shape", "part", "order", "dropped", "surname_differs", "given_first", "given_last",
    "longer_shared", "surname_only", "given_part", "nothing",
)  # fmt: skip
HOUSE: Final = (
    "unknown", "id", "two_names", "name_phone", "name_rare", "name_common", "namesake", "sound", "phone", "surname", "differ", "differ_id",
    "conflict", "phone_differs",
)  # fmt: skip
PLACE: Final = (
    "unknown",
    "village",
    "township",
    "county",
    "elsewhere",
    "township_unknown",
    "village_strange",
    "strange",
)
SEX: Final = ("unknown", "same", "differs")
FIELDS: Final = {"id": ID, "born": BORN, "name": NAME, "house": HOUSE, "place": PLACE, "sex": SEX}
