"""二维码卡的地址. What a card opens (`card`) is open to everybody, so it stands with the public pages."""

from django.urls import path

from bureau.pages import cards

urlpatterns = [
    path("aid/cards/", cards.listing, name="cards"),
    path("aid/cards/give/", cards.give, name="cards-give"),
    path("aid/cards/renew/", cards.renew, name="cards-renew"),
    path("aid/cards/of/<str:token>/", cards.household, name="cards-household"),
    path("aid/cards/sheets/", cards.sheets, name="cards-print"),
]
