"""All addresses of the site."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("api/", include("consilium.api.urls")),
    path("", include("consilium.web.urls")),
]

handler400 = "consilium.web.views.errors.bad_request"
handler403 = "consilium.web.views.errors.forbidden"
handler404 = "consilium.web.views.errors.not_found"
handler500 = "consilium.web.views.errors.server_error"
