"""待确认采用: why a register, once compared, waits for a person before it speaks for anybody; everything at once."""

from bureau.links import states
from bureau.links.coverage import coverage_of
from bureau.links.models import OutsideRegister
from bureau.links.queries import COMPARED
from bureau.people.models import User

_ENOUGH = 40  # lines of the version before from which a much shorter one is no accident
_SHORTER = 0.5
HEADS_ONLY = (
    "像是只列户主的名单，家里的孩子不在上面。如果就这样采用，覆盖范围内的孩子都会被当作不在名册上；请向原单位要家庭成员花名册（每人一行），"
    "撤下这一份后重新上传。"
)
GUESSED = "有的列没有写明是谁的，系统是猜的。请看“各列读作什么”：对了就确认采用，不对就改选。"
BY_SCHOOL = "由学校上传。已比对好，请资助中心核对后确认采用。"
UNTIL_THEN = "名册已存好，但在您确认之前不会用来认定资助对象和在册不在校。"


def why_held(register: OutsideRegister, share: float | None) -> str:
    """ "" when it counts at once. `share`: of its children of school age those found among the pupils; None when there are too few to tell."""
    why = []
    if register.counts.get("heads_only"):
        why.append(HEADS_ONLY)
    if register.counts.get("guessed"):
        why.append(GUESSED)
    if shorter := _shorter(register):
        why.append(shorter)
    if share is not None and share < states.LOW_MATCH:
        why.append(
            f"学龄孩子中只有 {share:.0%} 在学籍里找得到，低于 {states.LOW_MATCH:.0%}，像是别的县、别的学年或选错了文件。"
        )
    if register.by.role == User.Role.SCHOOL:
        why.append(BY_SCHOOL)
    return "\n".join([*why, UNTIL_THEN]) if why else ""


def _shorter(register: OutsideRegister) -> str:
    """A version with less than half the lines of the one it takes the place of: one township's list uploaded as the county's."""
    own = coverage_of(register)
    earlier = OutsideRegister.objects.filter(
        COMPARED, county_code=register.county_code, source=register.source, day__lte=register.day
    ).exclude(pk=register.pk)
    before = next((one for one in earlier.order_by("-day", "-id") if coverage_of(one).includes(own)), None)
    if before is None or not own.includes(coverage_of(before)):
        return ""
    then, now = before.counts.get("lines", 0), register.counts.get("lines", 0)
    if then < _ENOUGH or now >= _SHORTER * then:
        return ""
    return (
        f"上一版（{before.day}）有 {then:,} 行，这一版只有 {now:,} 行；采用后，不在这一版上的孩子都会变为“否”。如果只是部分乡镇或学校的名册，请撤下，"
        "重新上传并选好覆盖范围。"
    )
