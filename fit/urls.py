"""Addresses of the wizard. Answers are the query string."""

from django.urls import include, path

from fit import views

app_name = "fit"
urlpatterns = [
    path("", views.key, name="key"),
    path("sheet/", views.sheet, name="sheet"),
    path("standing/", views.standing, name="standing"),
    path("result/", views.result, name="result"),
    path("result.json", views.result_json, name="result_json"),
    path("model/", views.model, name="model"),
    path("key/", views.printed, name="printed"),
    path("", include("fit.assessments.urls")),
]
