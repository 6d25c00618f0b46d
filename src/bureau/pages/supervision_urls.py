"""督办、督查和工作日历的地址."""

from django.urls import path

from bureau.pages import escalation, inspections, slip, slip_document, slip_form, supervision, workdays

urlpatterns = [
    path("slips/", supervision.slips, name="slips"),
    path("slips/new/", slip_form.create, name="slip-new"),
    path("slips/<int:pk>/", slip.slip, name="slip"),
    path("slips/<int:pk>/edit/", slip_form.edit, name="slip-edit"),
    path("slips/<int:pk>/files/<int:file_id>/", slip.file, name="slip-file"),
    path("slips/<int:pk>/document.<str:form>", slip_document.document, name="slip-document"),
    path("slips/<int:pk>/<str:action>/", slip.change, name="slip-change"),
    path("inspections/", inspections.listing, name="inspections"),
    path("inspections/<int:pk>/", inspections.one_inspection, name="inspection"),
    path("inspections/<int:pk>/report/", inspections.report, name="inspection-report"),
    path("escalation/", escalation.rules, name="escalation"),
    path("workdays/", workdays.workdays, name="workdays"),
    path("workdays/<int:year>/<str:action>/", workdays.change, name="workdays-change"),
]
