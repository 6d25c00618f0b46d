"""控辍关爱的地址."""

from django.urls import URLPattern, path

from bureau.pages import (
    child_rates,
    child_rates_why,
    filings,
    out_of_school,
    school_age,
    school_plans,
    tutors,
)

urlpatterns: list[URLPattern] = [
    path("school-age/", school_age.listing, name="school-age"),
    path("school-age/refresh/", school_age.refresh, name="school-age-refresh"),
    path("school-age/rates/", child_rates.listing, name="child-rates"),
    path("school-age/rates/why/", child_rates_why.why, name="child-rates-why"),
    path("school-age/rates/ask/", child_rates.ask, name="child-rates-ask"),
    path("out-of-school/", out_of_school.listing, name="out-of-school"),
    path("school-plans/", school_plans.listing, name="school-plans"),
    path("school-plans/<str:code>.docx", school_plans.word, name="school-plan"),
    path("tutors/", tutors.listing, name="tutors"),
    path("tutors/<str:code>/", tutors.school, name="tutors-school"),
    path("tutors/<str:code>/accept/", tutors.accept, name="tutors-accept"),
    path("filings/", filings.listing, name="filings"),
    path("filings/<int:pk>/", filings.filing, name="filing"),
    path("filings/<int:pk>/<str:action>/", filings.change, name="filing-change"),
]
