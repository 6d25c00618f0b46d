"""资助的地址."""

from bureau.pages import aid_lists_urls, cards_urls, clauses_urls

urlpatterns = [
    *aid_lists_urls.urlpatterns,
    *cards_urls.urlpatterns,
    *clauses_urls.urlpatterns,
]
