"""The WSGI application: Django, with rendered public pages kept in front of it."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

django_application = get_wsgi_application()

from django.urls import reverse  # noqa: E402 - the apps must be ready first

from config.pagecache import PageCache, static_paths  # noqa: E402
from guide.addresses import public_paths  # noqa: E402
from scenarios import proofs  # noqa: E402
from scenarios.catalogue import catalogue  # noqa: E402

application = (
    django_application
    if settings.DEBUG
    else PageCache(django_application, public_paths() | static_paths(), settings.ALLOWED_HOSTS)
)


def settle() -> None:
    """Keeps the garbage collector away from what stays as long as the process: the guide, the
    exercises, the code. It would walk through all of it in the middle of some request, which then
    takes 100 ms to 250 ms longer. What requests leave behind is collected as ever, less often.
    The addresses are read first: with all the pages behind them they cost whoever is the first to
    come most of a second."""
    reverse("reviews:home")
    if proofs.known():
        catalogue()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


if not settings.DEBUG:
    settle()
