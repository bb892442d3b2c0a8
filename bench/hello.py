"""Settings and the one page of the smallest Django site: what is left is the server's cost."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

ROOT_URLCONF = "bench.hello"
SECRET_KEY = "for the benchmark"
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS: list[str] = []
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]  # it sets Content-Length


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


urlpatterns = [path("", hello)]
