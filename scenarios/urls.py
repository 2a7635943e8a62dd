from django.urls import path

from scenarios import views
from scenarios.essays import views as essays
from scenarios.exams import views as exams
from scenarios.review import views as review
from scenarios.teamwork import views as teamwork

app_name = "scenarios"
urlpatterns = [
    path("", views.home, name="home"),
    path("progress/", review.progress, name="progress"),
    path("progress/export.json", review.export, name="export"),
    path("progress/attempts.csv", review.export_csv, name="export-csv"),
    path("settings/", review.settings, name="settings"),
    path("review/", review.queue, name="review"),
    path("review/skill/", review.wish, name="wish"),
    path("next/", review.next_exercise, name="next"),
    path("exam/", exams.home, name="exams"),
    path("exam/<uuid:id>/", exams.exam, name="exam"),
    path("exam/<uuid:id>/summary/", exams.summary, name="exam-summary"),
    path("exam/<uuid:id>/<int:number>/", exams.question, name="exam-question"),
    path("placement/<slug:chapter>/", review.placement, name="placement"),
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
