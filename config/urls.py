"""The site's addresses; each app lists its own."""

from django.urls import include, path

from config import api, metrics, views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("accounts/", include("allauth.urls")),
    path("api/", api.docs, name="api"),
    path("api/", api.api.urls),
    path("fit/", include("fit.urls")),
    path("practice/", include("scenarios.urls")),
    path("teams/", include("teams.urls")),
    path("reviews/", include("reviews.urls")),
    path("", include("guide.urls")),
]

handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.not_found
handler500 = views.server_error
