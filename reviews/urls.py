"""Addresses of reviews: the team, the design, the revision, what is compared."""

from django.urls import path

from reviews import views

app_name = "reviews"
urlpatterns = [
    path("", views.home, name="home"),
    path("try/", views.attempt, name="try"),
    path("<slug:team>/", views.team, name="team"),
    path("<slug:team>/new/", views.new, name="new"),
    path("<slug:team>/<slug:slug>/", views.design, name="design"),
    path("<slug:team>/<slug:slug>/revise/", views.revise, name="revise"),
    path("<slug:team>/<slug:slug>/compare/", views.compare_form, name="compare_form"),
    path("<slug:team>/<slug:slug>/<int:number>/", views.revision, name="revision"),
    path("<slug:team>/<slug:slug>/<int:number>/progress/", views.progress, name="progress"),
    path("<slug:team>/<slug:slug>/<int:number>/again/", views.again, name="again"),
    path("<slug:team>/<slug:slug>/<int:number>/design.yaml", views.text, name="text"),
    path("<slug:team>/<slug:slug>/<int:number>/drawing.<str:form>", views.drawing, name="drawing"),
    path("<slug:team>/<slug:slug>/<int:number>/report.<str:form>", views.report, name="report"),
    path(
        "<slug:team>/<slug:slug>/compare/<int:before>/<int:after>/", views.compare, name="compare"
    ),
    path(
        "<slug:team>/<slug:slug>/compare/<int:before>/<int:after>/changes.md",
        views.changes,
        name="changes",
    ),
    path(
        "<slug:team>/<slug:slug>/compare/<int:before>/<int:after>/drawing.<str:form>",
        views.compare_drawing,
        name="compare_drawing",
    ),
]
