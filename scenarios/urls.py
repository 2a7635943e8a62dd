from django.urls import path

from scenarios import views
from scenarios.essays import views as essays

app_name = "scenarios"
urlpatterns = [
    path("", views.home, name="home"),
    path("progress/", views.progress, name="progress"),
    path("progress/export.json", views.export, name="export"),
    path("<slug:id>/", views.exercise, name="exercise"),
    path("<slug:id>/colleague/<uuid:essay>/", essays.colleague, name="colleague"),
]
