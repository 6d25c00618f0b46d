"""资助的地址."""

from bureau.pages import clauses_urls

urlpatterns = [
    *clauses_urls.urlpatterns,
]
