"""名册比对的地址."""

from django.urls import path

from bureau.pages import (
    pairs,
    pairs_decide,
    registers,
    registers_columns,
    registers_findings,
    registers_lines,
    registers_missing,
    registers_one,
    registers_repairs,
    registers_upload,
)

urlpatterns = [
    path("registers/", registers.registers, name="registers"),
    path("registers/new/", registers_upload.upload, name="register-new"),
    path("registers/template/", registers_upload.empty_template, name="register-template"),
    path("registers/missing/", registers_missing.missing, name="registers-missing"),
    path("registers/missing/age/", registers_missing.set_age, name="registers-age"),
    path("registers/findings/", registers_findings.findings_page, name="registers-findings"),
    path("registers/repairs/", registers_repairs.repairs_page, name="registers-repairs"),
    path("registers/<int:pk>/", registers_one.register, name="register"),
    path("registers/<int:pk>/columns/", registers_columns.columns, name="register-columns"),
    path("registers/<int:pk>/progress/", registers_one.progress, name="register-progress"),
    path("registers/<int:pk>/do/<str:action>/", registers_one.change, name="register-change"),
    path("registers/<int:pk>/files/<int:number>/", registers_one.file, name="register-file"),
    path("registers/<int:pk>/lines/", registers_lines.lines, name="register-lines"),
    path("registers/<int:pk>/problems/", registers_lines.problems, name="register-problems"),
    path("pairs/", pairs.queue, name="pairs"),
    path("pairs/cards/", pairs.more_cards, name="pairs-cards"),
    path("pairs/<int:pk>/", pairs.one_pair, name="pair"),
    path("pairs/<int:pk>/reveal/", pairs_decide.reveal, name="pair-reveal"),
    path("pairs/<int:pk>/do/<str:action>/", pairs_decide.change, name="pair-change"),
]
