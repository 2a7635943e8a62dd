"""Addresses of people's judgement, in the namespace of reviews."""

from django.urls import path

from reviews.views import judgement, panels

_PANEL = "<slug:team>/<slug:slug>/<int:number>/panel/"

urlpatterns = [
    path("rubric/", judgement.rubric, name="rubric"),
    path("calibration/", judgement.calibration, name="calibration"),
    path("calibration/<slug:sample>/", judgement.sample, name="sample"),
    path("<slug:team>/judgement/", judgement.cohort, name="cohort"),
    path("<slug:team>/judgement/rules/", judgement.rules, name="judging_rules"),
    path(_PANEL, panels.page, name="panel"),
    path(f"{_PANEL}open/", panels.open_, name="panel_open"),
    path(f"{_PANEL}standing/", panels.standing, name="panel_standing"),
    path(f"{_PANEL}invite/", panels.invite, name="panel_invite"),
    path(f"{_PANEL}seats/<int:id>/excuse/", panels.excuse, name="panel_excuse"),
    path(f"{_PANEL}call-off/", panels.call_off, name="panel_call_off"),
    path(f"{_PANEL}marks/", panels.marks, name="panel_marks"),
    path(f"{_PANEL}marks/open/", panels.open_marks, name="panel_open_marks"),
    path(f"{_PANEL}marks/second/", panels.second, name="panel_second"),
    path(f"{_PANEL}notes/", panels.note, name="panel_note"),
    path(f"{_PANEL}notes/<int:id>/withdraw/", panels.withdraw, name="panel_withdraw"),
    path(f"{_PANEL}decision/", panels.decide, name="panel_decide"),
    path(f"{_PANEL}close/", panels.close, name="panel_close"),
]
