"""名册比对的地址."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
