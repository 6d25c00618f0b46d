"""资金发放的地址."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
