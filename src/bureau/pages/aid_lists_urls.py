"""应助尽助的地址."""

from django.urls import path

from bureau.pages import (
    aid,
    aid_award,
    aid_child,
    aid_conflicts,
    aid_evaluations,
    aid_letter,
    aid_paid,
    aid_summary,
    aid_why,
)

urlpatterns = [
    path("aid/", aid.aid, name="aid"),
    path("aid/summary/", aid_summary.summary, name="aid-summary"),
    path("aid/why/<int:claim>/", aid_why.why, name="aid-why"),
    path("aid/coverage/<str:term>/", aid_why.why_coverage, name="aid-coverage"),
    path("aid/letters/<str:form>/", aid_letter.letters, name="aid-letters"),
    path("aid/award/", aid_award.award, name="aid-award"),
    path("aid/conflicts/", aid_conflicts.conflicts, name="aid-conflicts"),
    path("aid/children/<str:key>/", aid_child.child, name="aid-child"),
    path("aid/children/<str:key>/<str:term>/<str:form>/", aid_letter.letter, name="aid-letter"),
    path("aid/evaluations/", aid_evaluations.evaluations, name="aid-evaluations"),
    path("aid/evaluations/progress/", aid_evaluations.progress, name="aid-progress"),
    path("aid/evaluations/ask/", aid_evaluations.ask, name="aid-ask"),
    path("aid/evaluations/<int:pk>/cancel/", aid_evaluations.cancel, name="aid-cancel"),
    path("aid/paid/", aid_paid.lists, name="aid-paid"),
    path("aid/paid/new/", aid_paid.new, name="aid-paid-new"),
    path("aid/paid/template/", aid_paid.template, name="aid-paid-template"),
    path("aid/paid/<int:pk>/", aid_paid.one_list, name="aid-paid-list"),
    path("aid/paid/<int:pk>/progress/", aid_paid.progress, name="aid-paid-progress"),
    path("aid/paid/<int:pk>/<str:action>/", aid_paid.change, name="aid-paid-change"),
]
