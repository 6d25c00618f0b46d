"""The log: it is only added to, its chain never forks, and an outsider can verify it. Both databases."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test import Client

from bureau.log import actions, queries
from bureau.log.models import Entry, Verb
from bureau.people.models import User
from junheng.intake.chain import GENESIS, verify
from town.accounts import AT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    cache.clear()


def lines(number: int = 3, **more: Any) -> list[Entry]:
    return [
        actions.write(by=None, verb=Verb.CHANGE, obj=("school", str(index)), at=AT, **more)
        for index in range(number)
    ]


def test_lines_follow_one_another() -> None:
    start = Entry.objects.count()
    first, second, third = lines()
    assert [first.seq, second.seq, third.seq] == [start + 1, start + 2, start + 3]
    assert second.previous == first.hash
    assert third.previous == second.hash
    assert start or first.previous == GENESIS


@pytest.mark.parametrize(
    "statement",
    ["UPDATE log_entry SET reason = 'x'", "UPDATE log_entry SET seq = seq + 100", "DELETE FROM log_entry"],
)
def test_the_database_itself_refuses_to_change_or_delete_a_line(statement: str) -> None:
    lines()
    with pytest.raises(DatabaseError, match="只能追加"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.update(reason="x")


def test_postgresql_refuses_to_empty_the_table() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    lines()
    with pytest.raises(DatabaseError, match="只能追加"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE log_entry")


def test_a_fork_is_refused() -> None:
    (first,) = lines(1)
    twin = Entry(seq=first.seq + 1, at=AT, verb="change", detail={}, previous=first.previous, hash="f" * 64)
    with pytest.raises(DatabaseError), transaction.atomic():
        twin.save(force_insert=True)


def test_what_is_read_back_has_the_same_hash(cast: dict[str, User]) -> None:
    detail = {
        "figures": [Decimal("1.50"), 1e21, 0.1, 3, True, None],
        "day": date(2026, 9, 1),
        "text": "前\x00后 \ud800 “引号”\\ 😀",
        "at": AT,
        "set": {"b", "a"},
    }
    actions.write(
        by=cast["office"],
        verb=Verb.COMMIT_IMPORT,
        obj=("import", "7"),
        detail=detail,
        reason="多" * 3000,
        at=datetime(2026, 9, 1, 9, 0, 0, 123456, tzinfo=UTC),
        address="10.0.0.1",
    )
    assert queries.check_chain() == queries.ChainState(Entry.objects.count(), Entry.objects.last().hash)  # type: ignore[union-attr]
    assert Entry.objects.order_by("-seq")[0].detail["figures"] == ["1.50", "1e+21", "0.1", 3, True, None]


def test_an_export_is_verified_without_the_server() -> None:
    lines(5)
    exported = list(queries.json_lines(queries.unbroken()))
    assert verify(exported) is None
    assert "change" in exported[-1]
    changed = json.loads(exported[-2])
    changed["reason"] = "改"
    tampered = [*exported[:-2], json.dumps(changed, ensure_ascii=False), exported[-1]]
    bad = verify(tampered)
    assert bad is not None
    assert bad.number == len(exported) - 1
    assert verify(exported[:-3] + exported[-2:]) is not None


def test_a_part_by_days_is_whole_and_can_be_verified() -> None:
    for day in (1, 2, 3):
        actions.write(by=None, verb=Verb.RUN, at=AT.replace(day=day))
    part = list(queries.json_lines(queries.unbroken(first_day=date(2026, 9, 2), last_day=date(2026, 9, 2))))
    assert len(part) == 1
    assert verify(part) is None


def test_a_checkpoint_saves_work_and_notices_its_own_line_changing(monkeypatch: pytest.MonkeyPatch) -> None:
    lines(3)
    whole = queries.check_chain()
    lines(2)
    assert queries.check_chain(since=whole).seq == whole.seq + 2
    forged = queries.ChainState(whole.seq, "0" * 64)
    assert queries.check_chain(since=forged).bad is not None


def test_a_line_forged_below_the_triggers_is_found() -> None:
    lines(4)
    seq = Entry.objects.count() - 1
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER log_entry_update")
        else:
            cursor.execute("ALTER TABLE log_entry DISABLE TRIGGER log_entry_row")
        cursor.execute("UPDATE log_entry SET reason = 'x' WHERE seq = %s", [seq])
    bad = queries.check_chain().bad
    assert bad is not None
    assert bad.number == seq


def test_a_reveal_needs_a_reason(cast: dict[str, User]) -> None:
    with pytest.raises(ValueError, match="事由"):
        actions.read_access(by=cast["office"], verb=Verb.REVEAL, obj=("student", "1"), at=AT, reason=" ")
    with pytest.raises(ValueError, match="not a read"):
        actions.read_access(by=cast["office"], verb=Verb.DELETE, obj=("student", "1"), at=AT)
    actions.read_access(by=cast["office"], verb=Verb.REVEAL, obj=("student", "1"), at=AT, reason="核对转学")
    line = Entry.objects.order_by("-seq")[0]
    assert (line.username, line.role, line.reason) == ("office", "office", "核对转学")


def test_what_is_undone_leaves_no_line() -> None:
    before = Entry.objects.count()
    with transaction.atomic():
        lines()
        transaction.set_rollback(True)
    assert Entry.objects.count() == before
    lines()
    assert queries.check_chain().bad is None


def test_filters(cast: dict[str, User]) -> None:
    since = Entry.objects.count()
    actions.write(by=cast["auditor"], verb=Verb.EXPORT, obj=("students", "2164000001"), at=AT)
    actions.write(by=None, verb=Verb.CHECK_PACK, obj=("pack", "1"), at=AT + timedelta(days=1))
    # 17:00 UTC is already the next day in the site's time zone.
    actions.write(by=None, verb=Verb.CHECK_PACK, at=datetime(2026, 9, 2, 17, 0, tzinfo=UTC))

    def found(**wanted: Any) -> list[int]:
        seqs = queries.entries(**wanted).filter(seq__gt=since).values_list("seq", flat=True)
        return sorted(seq - since for seq in seqs)

    assert found(who="审计") == found(who="audi") == [1]
    assert found(verb="check_pack") == [2, 3]
    assert found(kind="students", key="21640") == [1]
    assert found(first_day=date(2026, 9, 2)) == [2, 3]
    assert found(first_day=date(2026, 9, 3), last_day=date(2026, 9, 3)) == [3]


def test_signed_out_and_unfit_roles_do_not_read_the_log(browser_of: Callable[[str], Client]) -> None:
    assert Client().get("/log/").status_code == 302
    for role, status in {"auditor": 200, "leader": 200, "office": 403, "administrator": 403}.items():
        assert browser_of(role).get("/log/").status_code == status


def test_the_page_filters_and_says_how_far_the_chain_was_checked(browser_of: Callable[[str], Client]) -> None:
    actions.write(by=None, verb=Verb.RUN, obj=("run", "1"), at=AT)
    last = Entry.objects.count()
    browser = browser_of("auditor")
    page = browser.get("/log/", {"verb": "run", "from": "2026-09-01", "to": "2026-09-01"})
    assert [line.row["seq"] for line in page.context["table"].lines] == [last]
    assert f"已校验至第 {last} 条" in page.text
    assert browser.get("/log/", {"from": "nonsense", "q": "编号"}).status_code == 200


def test_a_broken_chain_is_said_on_the_page(browser_of: Callable[[str], Client]) -> None:
    browser = browser_of("auditor")
    lines(3)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER log_entry_update")
        else:
            cursor.execute("ALTER TABLE log_entry DISABLE TRIGGER log_entry_row")
        cursor.execute("UPDATE log_entry SET username = 'x' WHERE seq = %s", [Entry.objects.count() - 1])
    page = browser.post("/log/check/", follow=True)
    assert "本条日志被改动" in page.text


def test_the_exported_lines_are_verifiable_and_the_export_is_logged(
    browser_of: Callable[[str], Client],
) -> None:
    browser = browser_of("auditor")
    answer = browser.get("/log/lines/", {"verb": "run"})
    text = b"".join(answer.streaming_content).decode()  # type: ignore[arg-type]
    assert verify(text.splitlines()) is None
    assert len(text.splitlines()) == Entry.objects.count()
    last = Entry.objects.order_by("-seq")[0]
    assert (last.verb, last.kind, last.username) == (Verb.EXPORT, "log", "auditor")
    sheet = browser.get("/log/", {"format": "xlsx"})
    assert sheet.status_code == 200
