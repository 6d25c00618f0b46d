"""营养改善的地址."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
