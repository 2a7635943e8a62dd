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
    path("parts/", views.parts, name="parts"),
    path("compare/", views.compare, name="compare"),
    path("cost/", views.cost, name="cost"),
    path("cost.csv", views.cost_csv, name="cost_csv"),
    path("starter.yaml", views.starter_yaml, name="starter_yaml"),
    path("starter.svg", views.starter_svg, name="starter_svg"),
    path("model/", views.model, name="model"),
    path("key/", views.printed, name="printed"),
    path("", include("fit.assessments.urls")),
]
