"""总览里的计划落实: targets by verdict, and which units are late with what they owe."""

from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from bureau.pages.context import Page
from bureau.pages.targets import target_address
from bureau.plans import duty_queries, target_queries
from bureau.plans.target_rules import figure, goal_words
from bureau.plans.task_queries import current_plans

MOST_UNITS = 8
MOST_TARGETS = 6


def follow(here: Page) -> dict[str, Any] | None:
    """What the overview shows of the plans in force; None when there is none."""
    plans = current_plans(here.user, here.county_code)
    if not plans.exists():
        return None
    today, user = localdate(), here.user
    within = duty_queries.reminder(here.county_code).days
    rows, goals = duty_queries.duties(plans), target_queries.targets(plans)
    counts = target_queries.view_counts(goals)
    views = duty_queries.view_counts(rows, today=today, user=user, within=within)
    units = [
        one
        for one in duty_queries.by_unit(rows, today=today, user=user, within=within)
        if one.overdue or one.contradiction
    ]
    behind = goals.filter(verdict="behind").order_by("due", "number")[:MOST_TARGETS]
    return {
        "counts": counts,
        "views": views,
        "verdicts": [
            (_("已达到"), counts["met"], _address("met"), ""),
            (_("按进度"), counts["on_course"], _address("on_course"), ""),
            (_("落后"), counts["behind"], _address("behind"), "gap-bad" if counts["behind"] else ""),
            (_("无数据"), counts["no_data"], _address("no_data"), ""),
        ],
        "behind": [
            {
                "title": one.indicator,
                "address": target_address({"id": one.pk}),
                "goal": goal_words(one),
                "latest": figure(one.outlook["latest"]["value"], one.unit) if one.outlook.get("latest") else "",
            }
            for one in behind
        ],
        "units": units[:MOST_UNITS],
        "more": max(len(units) - MOST_UNITS, 0),
    }  # fmt: skip


def _address(view: str) -> str:
    return f"{reverse('targets')}?view={view}"
