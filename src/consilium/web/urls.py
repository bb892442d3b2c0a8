"""Addresses of the pages; words that a patient would read."""

from django.urls import include, path

from consilium.web import converters as _known  # noqa: F401  # makes "word" known
from consilium.web.views import (
    account,
    answers,
    ask,
    consensus_history,
    doctors,
    feeds,
    follows,
    home,
    how_stances,
    notices,
    preferences,
    questions,
    sheet,
    sitemap,
    topics,
    votes,
)
from consilium.web.views.editor import questions as editor_questions

app_name = "web"


urlpatterns = [
    path("", home.home, name="home"),
    path("topics/", topics.topics, name="topics"),
    path("topics/<word:slug>/", topics.topic, name="topic"),
    path("doctors/", doctors.doctors, name="doctors"),
    path("doctors/<word:slug>/", doctors.doctor, name="doctor"),
    path("ask/", ask.ask, name="ask"),
    path("q/<int:number>/history/", questions.history, name="question_history"),
    path("q/<int:number>/edit/", questions.edit, name="question_edit"),
    path("q/<int:number>/withdraw/", questions.withdraw, name="question_withdraw"),
    path("q/<int:number>/reconsider/open/", editor_questions.reconsider, name="question_reconsider"),
    path("q/<int:number>/reopen/", questions.reopen, name="question_reopen"),
    path("q/<int:number>/follow/", follows.follow, name="question_follow"),
    path("q/<int:number>/feed.atom", feeds.question, name="question_feed"),
    path("q/<int:number>/answer/", answers.answer, name="answer"),
    path("", include("consilium.web.doctor_urls")),
    path("q/<int:number>/stances/", consensus_history.history, name="consensus_history"),
    path("q/<int:number>/stances/<int:snapshot>/", consensus_history.state, name="snapshot"),
    path("q/<int:number>/sheet/", sheet.sheet, name="sheet"),
    path("q/<int:number>/", questions.question, name="question_bare"),
    path("q/<int:number>/<word:slug>/", questions.question, name="question"),
    path("answers/<int:number>/helpful/", votes.helpful, name="answer_helpful"),
    path("answers/<int:number>/edit/", answers.edit, name="answer_edit"),
    path("answers/<int:number>/withdraw/", answers.withdraw, name="answer_withdraw"),
    path("answers/<int:number>/history/", answers.history, name="answer_history"),
    path("account/", account.account, name="account"),
    path("account/questions/", account.asked, name="account_questions"),
    path("account/following/", account.following, name="account_following"),
    path("account/answers/", account.answered, name="account_answers"),
    path("editor/", include("consilium.web.editor_urls")),
    path("preferences/", preferences.preferences, name="preferences"),
    path("urgent/", notices.urgent, name="urgent"),
    path("disclaimer/", notices.disclaimer, name="disclaimer"),
    path("privacy/", notices.privacy, name="privacy"),
    path("accessibility/", notices.accessibility, name="accessibility"),
    path("help/", notices.help_page, name="help"),
    path("how-stances-are-counted/", how_stances.how_stances, name="how_stances"),
    path("feed.atom", feeds.site, name="feed"),
    path("topics/<word:slug>/feed.atom", feeds.topic, name="topic_feed"),
    path("doctors/<word:slug>/feed.atom", feeds.doctor, name="doctor_feed"),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    path("sitemaps/<str:kind>-<int:number>.xml", sitemap.piece, name="sitemap_piece"),
    path("robots.txt", sitemap.robots, name="robots"),
    path(".well-known/security.txt", sitemap.security, name="security"),
]
