"""Addresses of the pages on which doctors say where they stand and ask for their profile, and of a question's statements."""

from django.urls import path

from consilium.web import converters as _known  # noqa: F401  # makes "word" known
from consilium.web.views import account, claims, could_answer, invitations, reconsider, stances, statements

urlpatterns = [
    path("q/<int:number>/cosign/", stances.cosign, name="cosign"),
    path("q/<int:number>/cosign/withdraw/", stances.withdraw, name="stances_withdraw"),
    path("q/<int:number>/affirm/", stances.affirm, name="stances_affirm"),
    path("q/<int:number>/others/", stances.others, name="others"),
    path("answers/<int:number>/stances/", stances.of_copy, name="answer_stances"),
    path("q/<int:number>/reconsider/", reconsider.reconsider, name="reconsider"),
    path("q/<int:number>/invite/", invitations.invite, name="question_invite"),
    path("q/<int:number>/statements/", statements.statements, name="question_statements"),
    path("doctors/<word:slug>/claim/", claims.claim, name="claim"),
    path("account/for-you/", could_answer.could_answer_all, name="account_for_you"),
    path("account/interests/", account.interests, name="account_interests"),
    path("account/invitations/<int:number>/decline/", invitations.decline, name="invitation_decline"),
    path("account/claims/<int:number>/withdraw/", claims.withdraw, name="claim_withdraw"),
]
