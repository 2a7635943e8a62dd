"""The WSGI application: Django, with rendered public pages kept in front of it."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

django_application = get_wsgi_application()

from config.pagecache import PageCache, static_paths  # noqa: E402 - the apps must be ready first
from guide.addresses import public_paths  # noqa: E402

application = (
    django_application
    if settings.DEBUG
    else PageCache(django_application, public_paths() | static_paths(), settings.ALLOWED_HOSTS)
)
