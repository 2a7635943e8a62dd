"""Addresses of reviews: the team, the design, the revision, what is compared."""

from django.urls import include, path

from reviews.views import (
    designs,
    drafts,
    life,
    organisations,
    parts,
    portfolio,
    reports,
    starting,
)

app_name = "reviews"
urlpatterns = [
    path("", designs.home, name="home"),
    path("try/", designs.attempt, name="try"),
    path("start/", starting.start, name="start"),
    path("completion.json", drafts.completion, name="completion"),
    # Before the names of teams and designs: some of these stand where such a name would.
    path("", include("reviews.judging.urls")),
    path("shared/<str:token>/", reports.shared, name="shared"),
    path("shared/<str:token>/report.<str:form>", reports.shared_file, name="shared_file"),
    path("organisations/", organisations.home, name="organisations"),
    path("organisations/new/", organisations.create, name="organisation_new"),
    path("organisations/join/<str:token>/", organisations.join, name="organisation_join"),
    path("organisations/<slug:organisation>/", portfolio.organisation, name="organisation"),
    path(
        "organisations/<slug:organisation>/portfolio.<str:form>",
        portfolio.organisation_file,
        name="organisation_file",
    ),
    path(
        "organisations/<slug:organisation>/people/",
        organisations.people,
        name="organisation_people",
    ),
    path(
        "organisations/<slug:organisation>/rename/",
        organisations.rename,
        name="organisation_rename",
    ),
    path(
        "organisations/<slug:organisation>/delete/",
        organisations.delete,
        name="organisation_delete",
    ),
    path(
        "organisations/<slug:organisation>/invitations/",
        organisations.invite,
        name="organisation_invite",
    ),
    path(
        "organisations/<slug:organisation>/invitations/<int:id>/revoke/",
        organisations.revoke,
        name="organisation_revoke",
    ),
    path(
        "organisations/<slug:organisation>/people/<int:id>/lead/",
        organisations.lead,
        name="organisation_lead",
    ),
    path(
        "organisations/<slug:organisation>/people/<int:id>/remove/",
        organisations.remove,
        name="organisation_remove",
    ),
    path(
        "organisations/<slug:organisation>/teams/<slug:team>/release/",
        organisations.release,
        name="organisation_release",
    ),
    path("<slug:team>/portfolio/", portfolio.team, name="portfolio"),
    path("<slug:team>/portfolio.<str:form>", portfolio.team_file, name="portfolio_file"),
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
    path("<slug:team>/<slug:slug>/history/", portfolio.history, name="history"),
    path("<slug:team>/<slug:slug>/reports/", reports.listed, name="reports"),
    path("<slug:team>/<slug:slug>/reports/<int:report>/", reports.frozen, name="frozen"),
    path(
        "<slug:team>/<slug:slug>/reports/<int:report>/report.<str:form>",
        reports.file,
        name="frozen_file",
    ),
    path(
        "<slug:team>/<slug:slug>/reports/<int:report>/links/",
        reports.make_link,
        name="make_link",
    ),
    path(
        "<slug:team>/<slug:slug>/reports/<int:report>/links/<int:link>/revoke/",
        reports.revoke_link,
        name="revoke_link",
    ),
    path("<slug:team>/<slug:slug>/<int:number>/freeze/", reports.freeze, name="freeze"),
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
