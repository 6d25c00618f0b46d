"""现在能不能做: each answers None (yes) or a sentence that says why not."""

from collections.abc import Mapping, Sequence

from bureau.registry.states import may_become


def why_not_commit(
    *,
    state: str,
    counts: Mapping[str, Mapping[str, int]],
    file_errors: int,
    complete: bool,
    match_share: float | None,
    match_floor: float,
    accept_low_match: bool,
    accept_rejected: bool,
    changed_meanwhile: bool,
) -> str | None:
    """为什么不能提交. Counts are {sheet: {new, changed, unchanged, missing, conflict, rejected}}."""
    if state == "committed":
        return "这次导入已经提交。"
    if not may_become(state, "committing"):
        return "只有“待核对”的导入可以提交。"
    if changed_meanwhile:
        return "您核对期间，同一登记册有了别的提交；请重新比对后再提交。"
    if file_errors:
        return f"文件有{file_errors}处整表错误（如缺少必填的列），请改正后重新上传。"
    rejected = sum(count.get("rejected", 0) for count in counts.values())
    if rejected and complete:
        return f"按完整名册导入时不能有错误行：还有{rejected}行有错误，请改正后重新上传，或取消“完整名册”。"
    if rejected and not accept_rejected:
        return f"有{rejected}行有错误。请改正后重新上传；或勾选“先提交没有错误的行”。"
    if not any(
        count.get(kind, 0) for count in counts.values() for kind in ("new", "changed", "missing", "conflict")
    ):
        return "文件与登记册完全一致，没有可提交的内容。"
    if match_share is not None and match_share < match_floor and not accept_low_match:
        return (
            f"文件中只有{match_share:.0%}的行在登记册中找得到（低于{match_floor:.0%}），"
            "可能选错了文件、县区或日期。确认无误请勾选“仍要提交”。"
        )
    return None


def why_not_undo(*, state: str, dependents: Sequence[str]) -> str | None:
    """为什么不能撤销. `dependents` names the later imports that changed the same rows."""
    if not may_become(state, "undoing"):
        return "只有“已提交”的导入可以撤销。"
    if dependents:
        return (
            "之后的导入改过同样的行，须先撤销："
            + "、".join(dependents[:5])
            + ("等" if len(dependents) > 5 else "")
            + "。"
        )
    return None


def why_not_cancel(*, state: str) -> str | None:
    """为什么不能取消."""
    if may_become(state, "cancelled"):
        return None
    return "只有尚未提交的导入可以取消；已提交的请用“撤销”。"


def why_not_compare(*, state: str) -> str | None:
    """为什么不能重新比对."""
    return None if state == "in_review" else "只有“待核对”的导入可以重新比对。"


def why_not_import(*, role: str, sheets: Sequence[str]) -> str | None:
    """为什么不能导入. Schools send in their own rows; county figures and reliefs are the bureau's."""
    if role in ("leader", "office"):
        return None
    if role == "school":
        held = {"schools": "学校", "reliefs": "特殊情形认定", "county": "县级数据"}
        wrong = [held[sheet] for sheet in sheets if sheet in held and sheet != "schools"]
        return f"学校账号不能导入{'、'.join(wrong)}，请交县教育局办理。" if wrong else None
    return "您的角色只能查看数据，不能导入。"
