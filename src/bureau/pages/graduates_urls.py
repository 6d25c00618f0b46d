"""就读与去向的地址."""

from django.urls import URLPattern, path

from bureau.pages import (
    graduates,
    graduates_child,
    graduates_lists,
    graduates_rates,
    graduates_sheet,
    graduates_studies,
)

urlpatterns: list[URLPattern] = [
    path("graduates/", graduates.listing, name="graduates"),
    path("graduates/update/", graduates.update, name="graduates-update"),
    path("graduates/update/cancel/", graduates.cancel, name="graduates-cancel"),
    path("graduates/rates/", graduates_rates.rates, name="graduates-rates"),
    path("graduates/why/<int:year>/<str:stage>/<str:kind>/", graduates_rates.why, name="graduates-why"),
    path("graduates/studies/", graduates_studies.studies, name="studies"),
    path("graduates/sheet/", graduates_lists.own_sheet, name="graduates-sheet"),
    path("graduates/sheet/file/", graduates_sheet.sheet, name="graduates-own-sheet"),
    path("graduates/lists/", graduates_lists.lists, name="graduate-lists"),
    path("graduates/lists/template/", graduates_sheet.template, name="graduate-template"),
    path("graduates/lists/<int:pk>/", graduates_lists.one_list, name="graduate-list"),
    path("graduates/lists/<int:pk>/<str:action>/", graduates_lists.change, name="graduate-list-change"),
    path("graduates/<int:pk>/", graduates_child.file, name="graduate"),
    path("graduates/<int:pk>/<str:action>/", graduates_child.change, name="graduate-change"),
]
