"""Addresses of the assessment: schemes, scoring, results, appeals."""

from django.urls import path

from bureau.pages import (
    performance,
    performance_edit,
    performance_result,
    performance_scheme,
    performance_scores,
    performance_unit,
)

urlpatterns = [
    path("performance/", performance.schemes, name="performance"),
    path("performance/new/", performance_edit.create, name="performance-new"),
    path("performance/<int:pk>/", performance_scheme.scheme, name="performance-scheme"),
    path("performance/<int:pk>/do/<str:action>/", performance_scheme.change, name="performance-change"),
    path("performance/<int:pk>/edit/", performance_edit.edit, name="performance-edit"),
    path("performance/<int:pk>/preview/", performance_edit.preview, name="performance-preview"),
    path("performance/<int:pk>/scores/", performance_scores.grid, name="performance-scores"),
    path("performance/<int:pk>/scores/sheet/", performance_scores.sheet, name="performance-sheet"),
    path("performance/<int:pk>/scores/upload/", performance_scores.upload, name="performance-upload"),
    path("performance/<int:pk>/scores/<int:key>/", performance_scores.column, name="performance-column"),
    path(
        "performance/<int:pk>/scores/<int:key>/<str:action>/",
        performance_scores.settle,
        name="performance-settle",
    ),
    path("performance/<int:pk>/units/<int:key>/", performance_unit.unit, name="performance-unit"),
    path("performance/<int:pk>/units/<int:key>/appeal/", performance_unit.appeal, name="performance-appeal"),
    path("performance/<int:pk>/appeals/<int:key>/", performance_unit.decide, name="performance-decide"),
    path("performance/<int:pk>/why/<int:key>/", performance_unit.why, name="performance-why"),
    path("performance/<int:pk>/files/<str:of>/<int:key>/", performance_unit.file, name="performance-file"),
    path("performance/<int:pk>/result/", performance_result.result, name="performance-result"),
    path("performance/<int:pk>/result.<str:form>", performance_result.document, name="performance-document"),
]
