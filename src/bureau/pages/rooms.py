"""左侧的房间: the rooms of the office and their desks. A desk shows when its address exists and the role may open it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.urls import NoReverseMatch, resolve, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from bureau.pages.access import Access, access_of


@dataclass(frozen=True, slots=True)
class Desk:
    """一个页面: the words in the rail, the name of its address; `also` lists addresses that belong to it."""

    label: str
    name: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Room:
    """一个房间."""

    label: str
    desks: tuple[Desk, ...]


N = gettext_noop
ROOMS = (
    Room(N("工作台"), (Desk(N("工作台"), "home"),)),
    Room(N("总览"), (Desk(N("总览"), "overview"),)),
    Room(
        N("均衡评估"),
        (
            Desk(N("县级认定"), "county"),
            Desk(N("学校指标"), "indicators"),
            Desk(N("大班额"), "large-classes"),
            Desk(N("缺口台账"), "gaps"),
            Desk(N("假设推演"), "what-if"),
            Desk(N("佐证材料"), "evidence"),
            Desk(N("标准与依据"), "packs"),
            Desk(N("测算记录"), "runs"),
        ),
    ),
    Room(
        N("资助"),
        (
            Desk(N("应助尽助"), "aid"),
            Desk(N("名册比对"), "registers", ("/pairs/",)),
            Desk(N("评审与公示"), "awards"),
            Desk(N("发放批次"), "batches"),
            Desk(N("资金账"), "funds"),
            Desk(N("营养改善"), "nutrition"),
            Desk(N("就读与去向"), "graduates"),
            Desk(N("审计线索"), "audit"),
            Desk(N("家庭二维码卡"), "cards"),
            Desk(N("资助条款"), "clauses"),
            Desk(N("条款证明"), "clauses-proof"),
            Desk(N("条款推演"), "clauses-what-if"),
        ),
    ),
    Room(
        N("个案台账"),
        (
            Desk(N("我的个案"), "my-cases"),
            Desk(N("台账"), "ledgers", ("/cases/", "/school-plans/")),
            Desk(N("适龄儿童少年"), "school-age"),
            Desk(N("结对帮扶"), "tutors"),
            Desk(N("考勤"), "attendance"),
            Desk(N("走访安排"), "visits"),
            Desk(N("手机走访"), "phone-desk", ("/phone/",)),
            Desk(N("台账报表"), "case-reports"),
            Desk(N("四个一报告"), "filings"),
            Desk(N("台账定义"), "ledger-packs"),
        ),
    ),
    Room(
        N("计划落实"),
        (
            Desk(N("计划文件"), "plans"),
            Desk(N("任务看板"), "plan-board", ("/tasks/",)),
            Desk(N("目标"), "targets"),
            Desk(N("本单位应办"), "duties"),
            Desk(N("督办"), "slips", ("/inspections/", "/escalation/")),
            Desk(N("通报和报告"), "bulletins"),
            Desk(N("绩效考核"), "performance"),
            Desk(N("责任单位"), "organisations"),
            Desk(N("工作日历"), "workdays"),
        ),
    ),
    Room(
        N("数据"),
        (
            Desk(N("学校"), "schools", ("/premises/", "/reliefs/")),
            Desk(N("班级"), "classes"),
            Desk(N("学生"), "students"),
            Desk(N("教师"), "teachers"),
            Desk(N("县级数据"), "county-figures"),
            Desk(N("导入"), "imports", ("/sheets/",)),
        ),
    ),
    Room(
        N("管理"),
        (
            Desk(N("账号"), "accounts"),
            Desk(N("角色与权限"), "roles"),
            Desk(N("专门授权"), "clearances"),
            Desk(N("辖区"), "areas"),
            Desk(N("审计日志"), "log"),
        ),
    ),
    Room(N("帮助"), (Desk(N("帮助"), "help"), Desk(N("算法说明"), "methods"))),
)


@dataclass(frozen=True, slots=True)
class Link:
    """A rail entry as one account sees it."""

    label: str
    address: str
    here: bool


@dataclass(frozen=True, slots=True)
class OpenRoom:
    """A room as one account sees it."""

    label: str
    address: str
    here: bool
    desks: tuple[Link, ...]


@cache
def _address(name: str) -> tuple[str, Access | None] | None:
    try:
        address = reverse(name)
    except NoReverseMatch:
        return None
    return address, access_of(resolve(address).func)


def _opens(desk: Desk, role: str) -> str | None:
    found = _address(desk.name)
    if found is None:
        return None
    address, access = found
    return address if access is None or role in access.roles else None


def rooms(role: str, path: str) -> Iterator[OpenRoom]:
    """The rooms that a role may enter; `here` marks those the path lies in (the longest address wins)."""
    seen = [(room, desk, address) for room in ROOMS for desk in room.desks if (address := _opens(desk, role))]
    at = max((desk for _room, desk, address in seen if _lies(path, desk, address)), key=_reach, default=None)
    for room in ROOMS:
        desks = tuple(
            Link(str(_(desk.label)), address, desk is at) for one, desk, address in seen if one is room
        )
        if desks:
            yield OpenRoom(
                str(_(room.label)),
                desks[0].address,
                any(desk.here for desk in desks),
                desks if len(room.desks) > 1 else (),
            )


def _reach(desk: Desk) -> int:
    """Of two addresses that fit, the longer one is meant."""
    found = _address(desk.name)
    return len(found[0]) if found else 0


def _lies(path: str, desk: Desk, address: str) -> bool:
    """Whether the path belongs to the desk; the first page is only itself."""
    return (
        path == address
        or (address != "/" and path.startswith(address))
        or path.startswith(desk.also or ("\n",))
    )
