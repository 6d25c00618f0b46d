"""资助自查: what a child may receive, for anybody, on any device, without an account, a cookie or a script.

The answers come by POST, so that they stand in no address, history or log; they are used for the answer and forgotten.
"""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from bureau.entitlements.queries import county_book, shipped_book
from bureau.public import aid_answer, aid_form
from bureau.public.limit import why_not_ask
from bureau.registry.queries import counties as counties_with_data
from junheng.policy.clauses import LAST_GRADE, PUPIL_STAGES

_STAGE_WORDS = {
    "学前": N("学前"), "小学": N("小学"), "初中": N("初中"), "普高": N("普通高中"), "中职": N("中等职业学校"),
    "本科": N("大学本科"), "专科": N("大学专科"),
}  # fmt: skip
_NURSERY = (N("小班"), N("中班"), N("大班"))
_GRADES = (N("一年级"), N("二年级"), N("三年级"), N("四年级"), N("五年级"), N("六年级"))


# Nothing is changed by asking, so there is nothing to forge; a token would need a cookie.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def calculator(request: HttpRequest) -> HttpResponse:
    """资助自查: the form, then the questions that matter for this child, then the answer."""
    _speak(request)
    book, today = shipped_book(), localdate()
    context: dict[str, object] = {
        "title": _("孩子能享受哪些资助"),
        "pupils": _pupils(),
        "counties": aid_form.counties(book),
        "elsewhere": aid_form.ELSEWHERE,
        "youngest": aid_form.YOUNGEST,
        "oldest": aid_form.OLDEST,
        "filled": aid_form.Filled(county=_only_county(book.areas), on=today),
        "today": today,
        "demo": settings.DEMO,
    }
    status = 200
    if request.method == "POST" and not _only_switches(request):
        refusal = why_not_ask(
            page="aid",
            address=get_adapter(request).get_client_ip(request) or "",
            minute=int(now().timestamp()) // 60,
        )
        typed = {name: str(value) for name, value in request.POST.items()}
        # A county's own clauses may ask for what the shipped packs do not know.
        own = typed.get("county", "").strip()
        asked_of = county_book(own) if own in dict(aid_form.counties(book)) else book
        filled = aid_form.read(typed, asked_of, today)
        status = 429 if refusal else 422 if filled.problems else 200
        context |= {"filled": filled, "refusal": refusal}
        if status == 200:
            context |= _answered(filled, asked_before="answered" in typed)
    response = render(request, "public/aid.html", context, status=status)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _only_switches(request: HttpRequest) -> bool:
    """Whether the language was changed before anything was filled in: no reason to complain of what is missing."""
    return "switch" in request.POST and not (request.POST.get("pupil") or request.POST.get("age"))


def _answered(filled: aid_form.Filled, *, asked_before: bool) -> dict[str, object]:
    """The questions for this child; and the answer once they have been seen, or when there is nothing to ask."""
    book = county_book(filled.county)
    facts = aid_answer.asked(book, filled.children(), filled.on)
    context: dict[str, object] = {
        "questions": [(fact, _ANSWER[filled.facts.get(fact.name)]) for fact in facts],
        "ask": True,
        "several": len(filled.stages) > 1,
    }
    if asked_before or not facts:
        answers = aid_answer.answer(book, filled)
        context["answers"] = [(_STAGE_WORDS[one.stage], one) for one in answers]
        context["matters"] = aid_answer.matters(answers, facts)
    return context


_ANSWER = {value: key for key, value in aid_form.ANSWERS.items()}


def _speak(request: HttpRequest) -> None:
    """The language asked for here; else that of the visitor's cookie, where there is one."""
    code = request.POST.get("switch") or request.POST.get("lang") or request.GET.get("lang", "")
    if code in dict(settings.LANGUAGES):
        translation.activate(code)
        request.LANGUAGE_CODE = translation.get_language()


def _only_county(areas: object) -> str:
    """The county of this installation, when it serves one."""
    found = list(counties_with_data())
    return found[0] if len(found) == 1 and isinstance(areas, dict) and found[0] in areas else ""


def _pupils() -> list[tuple[str, list[tuple[str, str]]]]:
    """(stage, [(value, grade)]) in the words of the page; grade 0: not known."""
    found = []
    for stage in PUPIL_STAGES:
        words = _NURSERY if stage == "学前" else _GRADES[: LAST_GRADE[stage]]
        grades = [(f"{stage}:{number}", _(word)) for number, word in enumerate(words, 1)]
        found.append((_(_STAGE_WORDS[stage]), [*grades, (f"{stage}:0", _("年级不清楚"))]))
    return found
