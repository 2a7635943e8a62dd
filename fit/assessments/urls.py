"""Addresses of what is kept; they stand under /fit/ beside the wizard's own."""

from django.urls import path

from fit.assessments.views import records, rounds, saving, sharing

urlpatterns = [
    path("save/", saving.save, name="save"),
    path("saved/", saving.saved, name="saved"),
    path("teams/<slug:slug>/", saving.team, name="team"),
    path("saved/<int:id>/", saving.assessment, name="assessment"),
    path("saved/<int:id>/versions/<int:number>/", saving.version, name="version"),
    path("saved/<int:id>/rescore/", saving.rescore, name="rescore"),
    path("saved/<int:id>/rename/", saving.rename, name="rename"),
    path("saved/<int:id>/archive/", saving.archive, name="archive"),
    path("saved/<int:id>/delete/", saving.delete, name="delete"),
    path("saved/<int:id>/links/", sharing.make, name="make_link"),
    path("saved/<int:id>/links/<int:link>/revoke/", sharing.revoke, name="revoke_link"),
    path("shared/<str:token>/", sharing.shared, name="shared"),
    path("saved/<int:id>/rounds/", rounds.start, name="start_round"),
    path("saved/<int:id>/rounds/<int:number>/", rounds.page, name="round"),
    path("saved/<int:id>/rounds/<int:number>/answer/", rounds.answer, name="ballot"),
    path("saved/<int:id>/rounds/<int:number>/close/", rounds.close, name="close_round"),
    path("saved/<int:id>/rounds/<int:number>/agree/", rounds.agree, name="agree"),
    path(
        "saved/<int:id>/rounds/<int:number>/<slug:question>/remark/", rounds.remark, name="remark"
    ),
    path(
        "saved/<int:id>/rounds/<int:number>/<slug:question>/settle/", rounds.settle, name="settle"
    ),
    path("saved/<int:id>/decisions/new/", records.new, name="new_record"),
    path("saved/<int:id>/decisions/<int:number>/", records.page, name="record"),
    path("saved/<int:id>/decisions/<int:number>/edit/", records.edit, name="edit_record"),
    path("saved/<int:id>/decisions/<int:number>/accept/", records.accept, name="accept"),
    path("saved/<int:id>/decisions/<int:number>/discard/", records.discard, name="discard"),
    path(
        "saved/<int:id>/decisions/<int:number>/decision.<str:form>",
        records.file,
        name="record_file",
    ),
    path("decisions/", records.mine_due, name="due"),
    path("decisions.ics", records.mine_calendar, name="calendar"),
    path("teams/<slug:slug>/decisions/", records.team_due, name="team_due"),
    path("teams/<slug:slug>/decisions.ics", records.team_calendar, name="team_calendar"),
]
