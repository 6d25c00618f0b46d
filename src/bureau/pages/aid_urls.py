"""资助的地址."""

from django.urls import path

from bureau.pages import clauses, clauses_one

urlpatterns = [
    path("aid/clauses/", clauses.clauses, name="clauses"),
    path("aid/clauses/proof/", clauses.proof, name="clauses-proof"),
    path("aid/clauses/<str:clause_id>/", clauses_one.clause, name="clause"),
    path("aid/clauses/<str:clause_id>/<str:action>/", clauses_one.change, name="clause-change"),
]
