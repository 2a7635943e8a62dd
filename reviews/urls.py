"""Addresses of reviews: the team, the design, the revision, what is compared."""

from django.urls import include, path

from reviews.views import designs, drafts, life, parts, starting

app_name = "reviews"
urlpatterns = [
    path("", designs.home, name="home"),
    path("try/", designs.attempt, name="try"),
    path("start/", starting.start, name="start"),
    path("completion.json", drafts.completion, name="completion"),
    path("<slug:team>/", designs.team, name="team"),
    path("<slug:team>/new/", starting.new, name="new"),
    path("<slug:team>/archive/", life.archived, name="archive"),
    path("<slug:team>/drafts/<int:id>/", drafts.editor, name="draft"),
    path("<slug:team>/drafts/<int:id>/save/", drafts.save, name="draft_save"),
    path("<slug:team>/drafts/<int:id>/others/", drafts.present, name="draft_others"),
    path("<slug:team>/drafts/<int:id>/parts/", parts.parts, name="draft_parts"),
    path("<slug:team>/drafts/<int:id>/questions/", parts.questions, name="draft_questions"),
    path("<slug:team>/drafts/<int:id>/history/", drafts.history, name="draft_history"),
    path("<slug:team>/drafts/<int:id>/submit/", drafts.submit, name="draft_submit"),
    path("<slug:team>/drafts/<int:id>/merge/", drafts.merge_page, name="draft_merge"),
    path("<slug:team>/drafts/<int:id>/discard/", drafts.discard, name="draft_discard"),
    path("<slug:team>/<slug:slug>/", designs.design, name="design"),
    path("<slug:team>/<slug:slug>/", include("reviews.followup.urls")),
    path("<slug:team>/<slug:slug>/revise/", designs.revise, name="revise"),
    path("<slug:team>/<slug:slug>/edit/", drafts.edit, name="edit"),
    path("<slug:team>/<slug:slug>/drafts/", drafts.drafts_of, name="drafts_of"),
    path("<slug:team>/<slug:slug>/archive/", life.archive, name="put_away"),
    path("<slug:team>/<slug:slug>/milestones/<int:id>/remove/", life.unname, name="unname"),
    path("<slug:team>/<slug:slug>/<int:number>/manage/", life.manage, name="manage"),
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
