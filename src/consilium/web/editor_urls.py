"""Addresses of the editors' pages, below /editor/."""

from django.urls import path

from consilium.web import converters as _known  # noqa: F401  # makes "word" known
from consilium.web.views.editor import agreement, claims, coding, doctors, duplicates, home, questions, topics, works

urlpatterns = [
    path("", home.home, name="editor"),
    path("coding/", coding.queue, name="editor_coding"),
    path("unclear/", coding.unclear, name="editor_unclear"),
    path("code/<int:number>/", coding.code, name="editor_code"),
    path("agreement/", agreement.agreement, name="editor_agreement"),
    path("questions/", questions.questions, name="editor_questions"),
    path("statements/", questions.statements, name="editor_statements"),
    path("topics/", topics.topics, name="editor_topics"),
    path("topics/<word:slug>/needs/", topics.needs, name="editor_needs"),
    path("duplicates/", duplicates.duplicates, name="editor_duplicates"),
    path("merges/", duplicates.merges, name="editor_merges"),
    path("merges/<int:number>/undo/", duplicates.unmerge, name="editor_unmerge"),
    path("works/", works.works, name="editor_works"),
    path("works/<int:number>/", works.work, name="editor_work"),
    path("citations/<int:number>/", works.citation, name="editor_citation"),
    path("claims/", claims.claims, name="editor_claims"),
    path("claims/<int:number>/", claims.claim, name="editor_claim"),
    path("doctors/<word:slug>/", doctors.doctor, name="editor_doctor"),
    path("credentials/<int:number>/revoke/", doctors.revoke, name="editor_revoke"),
]
