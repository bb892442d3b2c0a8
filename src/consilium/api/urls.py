"""Addresses for programs. Below /api/ everything but the page that explains it answers in JSON."""

from django.urls import path

from consilium.api import docs
from consilium.api.door import door, opened
from consilium.api.operations import api

patterns, _, namespace = api.urls

urlpatterns = [
    path("", docs.page, name="api_docs"),
    path("v1/openapi.json", door(docs.openapi), name="api_openapi"),
    path("v1/", (opened(patterns), "ninja", namespace)),
    path("<path:rest>", door(docs.nothing), name="api_missing"),
]
