"""个案台账的地址."""

from django.urls import URLPattern, path

from bureau.pages import (
    case_change,
    case_file,
    case_letter,
    case_new,
    case_reports,
    cases_bulk,
    cases_sheet,
    clearances,
    ledger_counts,
    ledger_list,
    ledger_packs,
    ledgers,
    my_cases,
    visits,
)

urlpatterns: list[URLPattern] = [
    path("my-cases/", my_cases.my_cases, name="my-cases"),
    path("ledgers/", ledgers.ledgers, name="ledgers"),
    path("ledgers/compare/", ledgers.sweep, name="ledgers-compare"),
    path("ledgers/<str:code>/", ledger_list.ledger_list, name="ledger"),
    path("ledgers/<str:code>/filters/", ledger_list.keep_filter, name="ledger-filters"),
    path("ledgers/<str:code>/counts/", ledger_counts.counts, name="ledger-counts"),
    path("ledgers/<str:code>/sheet/", cases_sheet.sheet, name="ledger-sheet"),
    path("ledgers/<str:code>/upload/", cases_sheet.upload, name="ledger-upload"),
    path("cases/new/", case_new.new, name="case-new"),
    path("cases/selected/<str:action>/", cases_bulk.start, name="cases-bulk"),
    path("cases/bulk/<int:pk>/", cases_bulk.one, name="case-bulk"),
    path("cases/bulk/<int:pk>/cancel/", cases_bulk.cancel, name="case-bulk-cancel"),
    path("cases/files/<int:pk>/", case_file.file, name="case-file"),
    path("cases/<int:pk>/", case_file.case_file, name="case"),
    path("cases/<int:pk>/letters/<str:name>.<str:form>", case_letter.letter, name="case-letter"),
    path("cases/<int:pk>/<str:action>/", case_change.change, name="case-change"),
    path("visits/", visits.visits, name="visits"),
    path("visits/route/", visits.route, name="visits-route"),
    path("case-reports/", case_reports.listing, name="case-reports"),
    path("case-reports/<str:code>/<str:name>/", case_reports.report, name="case-report"),
    path("case-reports/<str:code>/<str:name>/<str:figure>/", case_reports.figure, name="case-report-figure"),
    path("ledger-packs/", ledger_packs.listing, name="ledger-packs"),
    path("ledger-packs/<str:code>/", ledger_packs.pack, name="ledger-pack"),
    path("ledger-packs/<str:code>/edit/", ledger_packs.edit, name="ledger-pack-edit"),
    path("ledger-packs/<str:code>/<str:action>/", ledger_packs.change, name="ledger-pack-change"),
    path("clearances/", clearances.clearances, name="clearances"),
]
