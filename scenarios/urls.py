from django.urls import path

from scenarios import views
from scenarios.essays import views as essays
from scenarios.exams import views as exams
from scenarios.exporting import views as exporting
from scenarios.review import views as review
from scenarios.staff import views as staff
from scenarios.teamwork import views as teamwork

app_name = "scenarios"
urlpatterns = [
    path("", views.home, name="home"),
    path("progress/", review.progress, name="progress"),
    path("progress/export.json", review.export, name="export"),
    path("progress/attempts.csv", review.export_csv, name="export-csv"),
    path("progress/xapi.json", exporting.xapi_statements, name="export-xapi"),
    path("settings/", review.settings, name="settings"),
    path("review/", review.queue, name="review"),
    path("review/mail/<str:token>/", review.digest_off, name="digest-off"),
    path("review/skill/", review.wish, name="wish"),
    path("next/", review.next_exercise, name="next"),
    path("exam/", exams.home, name="exams"),
    path("exam/<uuid:id>/", exams.exam, name="exam"),
    path("exam/<uuid:id>/summary/", exams.summary, name="exam-summary"),
    path("exam/<uuid:id>/<int:number>/", exams.question, name="exam-question"),
    path("placement/<slug:chapter>/", review.placement, name="placement"),
    path("authors/", staff.home, name="staff"),
    path("authors/items/", staff.items, name="staff-items"),
    path("authors/items/<slug:id>/", staff.item, name="staff-item"),
    path("authors/reports/", staff.reports, name="staff-reports"),
    path("authors/reports/<uuid:id>/", staff.close_report, name="staff-report"),
    path("authors/interventions/", staff.interventions, name="staff-interventions"),
    path("<slug:id>/", views.exercise, name="exercise"),
    path("<slug:id>/colleague/<uuid:essay>/", essays.colleague, name="colleague"),
    path("teams/<slug:slug>/", teamwork.team, name="team"),
    path("teams/<slug:slug>/consent/", teamwork.consent, name="consent"),
    path("teams/<slug:slug>/sets/", teamwork.new_set, name="set-new"),
    path("teams/<slug:slug>/sets/<int:id>/", teamwork.exercise_set, name="set"),
    path("teams/<slug:slug>/sets/<int:id>/qti.zip", teamwork.set_package, name="set-package"),
    path("teams/<slug:slug>/sets/<int:id>/remove/", teamwork.remove_set, name="set-remove"),
    path("teams/<slug:slug>/together/", teamwork.open_sitting, name="sitting-open"),
    path("teams/<slug:slug>/together/<int:id>/", teamwork.sitting, name="sitting"),
    path("teams/<slug:slug>/together/<int:id>/answer/", teamwork.answer, name="sitting-answer"),
    path("teams/<slug:slug>/together/<int:id>/close/", teamwork.close, name="sitting-close"),
    path("teams/<slug:slug>/together/<int:id>/agree/", teamwork.agree, name="sitting-agree"),
    path("teams/<slug:slug>/together/<int:id>/reason/", teamwork.reason, name="sitting-reason"),
    path("teams/<slug:slug>/together/<int:id>/submit/", teamwork.submit, name="sitting-submit"),
    path("<slug:id>/report/", staff.report_problem, name="report"),
]
