"""就读与去向的地址."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
