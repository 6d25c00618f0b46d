"""通报、排名规则和目标责任状的地址."""

from django.urls import path

from bureau.pages import (
    bulletin,
    bulletin_document,
    bulletin_letters,
    bulletin_ranking,
    bulletin_sections,
    bulletins,
)

urlpatterns = [
    path("bulletins/", bulletins.listing, name="bulletins"),
    path("bulletins/new/", bulletins.create, name="bulletin-new"),
    path("bulletins/ranking/", bulletin_ranking.ranking, name="bulletin-ranking"),
    path("bulletins/letters/", bulletin_letters.listing, name="letters"),
    path("bulletins/letters/all.<str:form>", bulletin_letters.every, name="letters-all"),
    path("bulletins/letters/<int:pk>/", bulletin_letters.unit_letter, name="letter"),
    path("bulletins/letters/<int:pk>/document.<str:form>", bulletin_letters.document, name="letter-document"),
    path("bulletins/<int:pk>/", bulletin.bulletin, name="bulletin"),
    path("bulletins/<int:pk>/figures/<str:code>/", bulletin.figure, name="bulletin-figure"),
    path("bulletins/<int:pk>/document.<str:form>", bulletin_document.document, name="bulletin-document"),
    path("bulletins/<int:pk>/parts/<int:part>/save/", bulletin_sections.save, name="bulletin-save"),
    path("bulletins/<int:pk>/parts/<int:part>/preview/", bulletin_sections.preview, name="bulletin-preview"),
    path(
        "bulletins/<int:pk>/parts/<int:part>/<str:action>/",
        bulletin_sections.change,
        name="bulletin-part-change",
    ),
    path("bulletins/<int:pk>/<str:action>/", bulletin.change, name="bulletin-change"),
]
