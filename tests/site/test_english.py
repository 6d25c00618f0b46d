"""The English interface: states, names of codes, brackets and dates are English; the Chinese pages stay Chinese."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from bureau.people.models import Area, Organisation, User
from bureau.registry.models import School, Teacher

pytestmark = pytest.mark.django_db
Signed = Callable[[str], Client]


def words(client: Client, address: str, language: str = "en") -> str:
    """What a reader sees of a page."""
    client.cookies["django_language"] = language
    page = client.get(address, follow=True)
    assert page.status_code == 200
    text = re.sub(r"<(script|style).*?</\1>", "", page.content.decode(), flags=re.S)
    return re.sub(r"<[^>]*>", "\n", text)


@pytest.mark.parametrize(
    ("address", "chinese", "english"),
    [
        ("/runs/", ("测算中", "失败"), ("Running", "Failed")),
        ("/imports/", ("已提交", "待核对"), ("Committed", "To be checked")),
        ("/gaps/", ("待整改", "整改中"), ("To be improved", "In progress")),
        ("/classes/", ("三年级",), ("Grade 3",)),
        ("/teachers/", ("语文", "高级教师"), ("Mathematics", "Senior teacher")),
        ("/what-if/", (), ("Not met",)),
        ("/evidence/", ("待提交",), ("To be submitted",)),
    ],
)
def test_words_of_the_system(
    browser_of: Signed, address: str, chinese: tuple[str, ...], english: tuple[str, ...]
) -> None:
    client = browser_of("office")
    shown = [line.strip() for line in words(client, address).splitlines()]
    assert not [word for word in chinese if word in shown]
    assert not [word for word in english if not any(word in line for line in shown)]
    back = words(client, address, "zh-hans")
    assert not [word for word in chinese if word not in back]


def test_brackets_dates_and_a_record(browser_of: Signed) -> None:
    client = browser_of("office")
    assert "（" not in "".join(re.findall(r"\n *[（(][^\n]*[)）]\n", words(client, "/schools/")))
    assert re.search(r"\d{1,2} [A-Z][a-z]+ \d{4}", words(client, "/schools/"))
    teacher = Teacher.objects.filter(certificate=True, valid_to=None).latest("id")
    record = words(client, f"/teachers/{teacher.pk}/").splitlines()
    assert "Yes" in record
    assert "是" not in record


HAN = re.compile("[\u3400-\u9fff]")
CHINESE = re.compile('<([a-z]+)[^>]*? lang="zh[^>]*>(.*?)</\\1>', re.S)
# Numbers and titles of documents, file names, and what the made-up county says of itself.
CITED = re.compile(
    r"《[^》]*》|[^\s，、（）()]*〔[^〕]*〕(?:\d+号)?|[^\s]*\.(?:xlsx|pdf)|[^\s，、：()]*演示[^\s，、()]*"
)
PAGES = (
    "/", "/desk/", "/county/", "/county/G8/evidence/", "/indicators/", "/indicators/R3/", "/oversized/", "/gaps/", "/what-if/",
    "/evidence/", "/packs/", "/packs/balanced-2017/", "/packs/basic-2012/", "/packs/balanced-2017/G4/", "/runs/", "/schools/",
    "/classes/", "/premises/1/", "/imports/", "/imports/new/", "/county-figures/", "/roles/", "/log/", "/account/", "/search/",
    "/help/", "/help/import/", "/help/coefficients/", "/no-such-page/", "/plans/", "/plans/new/", "/board/", "/targets/", "/duties/",
    "/slips/", "/slips/new/", "/inspections/", "/escalation/", "/workdays/", "/organisations/", "/bulletins/", "/bulletins/new/",
    "/bulletins/ranking/", "/bulletins/letters/", "/performance/", "/performance/new/", "/aid/clauses/", "/aid/clauses/proof/",
    "/public/aid/",
)  # fmt: skip


def proper_names() -> list[str]:
    """Places, schools and people of the register, the longest first."""
    names = {
        *Area.objects.values_list("name", flat=True),
        *User.objects.values_list("display_name", flat=True),
    }
    names |= set(School.objects.values_list("school_name", flat=True))
    names |= set(User.objects.values_list("office", flat=True)) | {"均衡项目组", "均衡", "非真实统计"}
    for name, others in Organisation.objects.values_list("name", "aliases"):
        names |= {name, *others}
    return sorted((name for name in names if name), key=len, reverse=True)


@pytest.mark.parametrize("address", PAGES)
def test_an_english_reader_can_use_the_page(browser_of: Signed, address: str) -> None:
    client = browser_of("leader")
    client.cookies["django_language"] = "en"
    html = client.get(address, follow=True).content.decode()
    html = re.sub(r"<(script|style|textarea).*?</\1>", "", html, flags=re.S)
    html = re.sub(
        r'<form[^>]*set_language.*?</form>|<(\w+)[^>]* lang="zh-[^>]*>.*?</\1>', "", html, flags=re.S
    )
    # Quoted words of documents are whole elements in Chinese; what was only not understood is a span.
    quoted = [one[2] for one in CHINESE.finditer(html) if one[1] != "span" or one[2].startswith("“")]
    for words_of_a_document in quoted:
        html = html.replace(words_of_a_document, "")
    html = re.sub(r'<span lang="zh">([^<]*)</span>', r"\1", html)
    texts = re.sub(r"<[^>]*>", "\n", html.split("</title>")[-1]).splitlines()
    texts += re.findall(r' (?:title|aria-label|placeholder|alt)="([^"]*)"', html)
    names = proper_names()
    left = set()
    for text in filter(HAN.search, texts):
        rest = CITED.sub("", text)
        for name in names:
            rest = rest.replace(name, "")
        if HAN.search(rest):
            left.add(rest.strip())
    assert not left


def test_what_stays_chinese_says_so(browser_of: Signed) -> None:
    client = browser_of("leader")
    client.cookies["django_language"] = "en"
    html = client.get("/schools/").content.decode()
    assert re.search(r'<a href="/schools/\d+/"><span lang="zh">[^<]*演示[^<]*</span></a>', html)
    quoted = client.get("/packs/balanced-2017/school.minimum_met/").content.decode()
    assert "“每所学校至少有6项指标达到要求”" in quoted
    client.cookies["django_language"] = "zh-hans"
    assert '<span lang="zh">' not in client.get("/schools/").content.decode()


def test_a_refusal_and_a_problem_in_english(browser_of: Signed) -> None:
    client = browser_of("school")
    client.cookies["django_language"] = "en"
    refusal = client.get("/accounts/").content.decode()
    assert "Roles that" in refusal
    assert client.get("/help/import/").content.decode().count("Steps")
