"""Addresses of reviews: the team, the design, the revision, what is compared."""

from django.urls import include, path

from reviews.views import designs

app_name = "reviews"
urlpatterns = [
    path("", designs.home, name="home"),
    path("try/", designs.attempt, name="try"),
    # Before the names of teams and designs: some of these stand where such a name would.
    path("", include("reviews.judging.urls")),
    path("<slug:team>/", designs.team, name="team"),
    path("<slug:team>/new/", designs.new, name="new"),
    path("<slug:team>/<slug:slug>/", designs.design, name="design"),
    path("<slug:team>/<slug:slug>/revise/", designs.revise, name="revise"),
    path("<slug:team>/<slug:slug>/compare/", designs.compare_form, name="compare_form"),
    path("<slug:team>/<slug:slug>/<int:number>/", designs.revision, name="revision"),
    path("<slug:team>/<slug:slug>/<int:number>/progress/", designs.progress, name="progress"),
    path("<slug:team>/<slug:slug>/<int:number>/again/", designs.again, name="again"),
    path("<slug:team>/<slug:slug>/<int:number>/design.yaml", designs.text, name="text"),
    path(
        "<slug:team>/<slug:slug>/<int:number>/drawing.<str:form>", designs.drawing, name="drawing"
    ),
    path("<slug:team>/<slug:slug>/<int:number>/report.<str:form>", designs.report, name="report"),
    path(
        "<slug:team>/<slug:slug>/compare/<int:before>/<int:after>/", designs.compare, name="compare"
    ),
    path(
        "<slug:team>/<slug:slug>/compare/<int:before>/<int:after>/changes.md",
        designs.changes,
        name="changes",
    ),
    path(
        "<slug:team>/<slug:slug>/compare/<int:before>/<int:after>/drawing.<str:form>",
        designs.compare_drawing,
        name="compare_drawing",
    ),
]
