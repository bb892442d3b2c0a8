"""Addresses of the editors' pages, below /editor/."""

from django.urls import path

from consilium.web.views.editor import agreement, coding, home

urlpatterns = [
    path("", home.home, name="editor"),
    path("coding/", coding.queue, name="editor_coding"),
    path("unclear/", coding.unclear, name="editor_unclear"),
    path("code/<int:number>/", coding.code, name="editor_code"),
    path("agreement/", agreement.agreement, name="editor_agreement"),
]
