"""资助条款的地址. A tier's id holds a slash (`c640324.2/1`), which an address writes as `~`."""

from django.urls import path, register_converter

from bureau.pages import clauses, clauses_draft, clauses_edit, clauses_one, clauses_what_if


class ClauseId:
    """条款编号 in an address."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """As the packs write it."""
        return value.replace("~", "/")

    def to_url(self, value: str) -> str:
        """As an address writes it."""
        return str(value).replace("/", "~")


register_converter(ClauseId, "clause")

urlpatterns = [
    path("aid/clauses/", clauses.clauses, name="clauses"),
    path("aid/clauses/proof/", clauses.proof, name="clauses-proof"),
    path("aid/clauses/what-if/", clauses_what_if.panel, name="clauses-what-if"),
    path("aid/clauses/what-if/draft/", clauses_what_if.draft, name="clauses-what-if-draft"),
    path("aid/clauses/new/", clauses_edit.new, name="clause-new"),
    path("aid/clauses/draft/", clauses_draft.draft, name="clauses-draft"),
    path("aid/clauses/upload/", clauses_draft.upload, name="clauses-upload"),
    path("aid/clauses/template/", clauses_draft.template, name="clauses-template"),
    path("aid/clauses/versions/", clauses_draft.versions, name="clauses-versions"),
    path("aid/clauses/versions/<int:number>/", clauses_draft.version, name="clauses-version"),
    path("aid/clauses/versions/<int:number>/file/", clauses_draft.file, name="clauses-file"),
    path("aid/clauses/versions/<int:number>/<str:action>/", clauses_draft.change, name="clauses-change"),
    path("aid/clauses/edit/<clause:clause_id>/", clauses_edit.edit, name="clause-edit"),
    path("aid/clauses/end/<clause:clause_id>/", clauses_edit.end, name="clause-end"),
    path("aid/clauses/<clause:clause_id>/", clauses_one.clause, name="clause"),
    path("aid/clauses/<clause:clause_id>/<str:action>/", clauses_one.change, name="clause-change"),
]
