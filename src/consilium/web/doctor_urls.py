"""Addresses of the pages on which doctors say where they stand."""

from django.urls import path

from consilium.web.views import stances

urlpatterns = [
    path("q/<int:number>/cosign/", stances.cosign, name="cosign"),
    path("q/<int:number>/cosign/withdraw/", stances.withdraw, name="stances_withdraw"),
    path("q/<int:number>/affirm/", stances.affirm, name="stances_affirm"),
    path("q/<int:number>/others/", stances.others, name="others"),
    path("answers/<int:number>/stances/", stances.of_copy, name="answer_stances"),
]
