from django.urls import path

from scenarios import views
from scenarios.essays import views as essays
from scenarios.teamwork import views as teamwork

app_name = "scenarios"
urlpatterns = [
    path("", views.home, name="home"),
    path("progress/", views.progress, name="progress"),
    path("progress/export.json", views.export, name="export"),
    path("<slug:id>/", views.exercise, name="exercise"),
    path("<slug:id>/colleague/<uuid:essay>/", essays.colleague, name="colleague"),
    path("teams/<slug:slug>/", teamwork.team, name="team"),
    path("teams/<slug:slug>/together/", teamwork.open_sitting, name="sitting-open"),
    path("teams/<slug:slug>/together/<int:id>/", teamwork.sitting, name="sitting"),
    path("teams/<slug:slug>/together/<int:id>/answer/", teamwork.answer, name="sitting-answer"),
    path("teams/<slug:slug>/together/<int:id>/close/", teamwork.close, name="sitting-close"),
    path("teams/<slug:slug>/together/<int:id>/agree/", teamwork.agree, name="sitting-agree"),
    path("teams/<slug:slug>/together/<int:id>/submit/", teamwork.submit, name="sitting-submit"),
]
