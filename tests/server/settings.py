"""Django's settings for the site that the server's tests serve."""

ROOT_URLCONF = "tests.server.site"
SECRET_KEY = "for these tests"
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS: list[str] = []
MIDDLEWARE = ["django.middleware.common.CommonMiddleware", "tests.server.site.explosive"]
DATA_UPLOAD_MAX_MEMORY_SIZE = None
