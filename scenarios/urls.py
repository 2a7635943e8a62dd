from django.urls import path

from scenarios import views
from scenarios.exams import views as exams
from scenarios.review import views as review

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
]
