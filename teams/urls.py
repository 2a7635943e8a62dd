from django.urls import path

from teams import views
from teams.notices import views as notices
from teams.programs import views as programs
from teams.records import views as records
from teams.webhooks import views as webhooks

app_name = "teams"
urlpatterns = [
    path("", views.home, name="home"),
    path("new/", views.create, name="new"),
    path("join/<str:token>/", views.join, name="join"),
    path("you/", records.you, name="you"),
    path("you/stored/", records.what_is_stored, name="stored"),
    path("you/data.zip", records.your_data, name="your_data"),
    path("notices/", notices.notices, name="notices"),
    path("notices/seen/", notices.all_seen, name="notices_seen"),
    path("notices/settings/", notices.wishes, name="notice_settings"),
    path("notices/off/<str:signed>/", notices.off, name="notices_off"),
    path("notices/<int:id>/", notices.notice, name="notice"),
    path("<slug:slug>/", views.team, name="team"),
    path("<slug:slug>/rename/", views.rename, name="rename"),
    path("<slug:slug>/leave/", views.leave, name="leave"),
    path("<slug:slug>/members/<int:id>/role/", views.change_role, name="role"),
    path("<slug:slug>/members/<int:id>/remove/", views.remove, name="remove"),
    path("<slug:slug>/invitations/", views.invite, name="invite"),
    path("<slug:slug>/invitations/<int:id>/revoke/", views.revoke, name="revoke"),
    path("<slug:slug>/tokens/", programs.tokens, name="tokens"),
    path("<slug:slug>/tokens/<int:id>/revoke/", programs.revoke_token, name="revoke_token"),
    path("<slug:slug>/data/", records.data, name="data"),
    path("<slug:slug>/data.zip", records.team_data, name="team_data"),
    path("<slug:slug>/log/", records.log_page, name="log"),
    path("<slug:slug>/log.<str:form>", records.log_file, name="log_file"),
    path("<slug:slug>/webhooks/", webhooks.webhooks, name="webhooks"),
    path("<slug:slug>/webhooks/<int:id>/", webhooks.webhook, name="webhook"),
    path("<slug:slug>/webhooks/<int:id>/test/", webhooks.test, name="webhook_test"),
    path("<slug:slug>/webhooks/<int:id>/switch/", webhooks.switch, name="webhook_switch"),
    path("<slug:slug>/webhooks/<int:id>/renew/", webhooks.renew, name="webhook_renew"),
    path("<slug:slug>/webhooks/<int:id>/remove/", webhooks.remove, name="webhook_remove"),
    path("<slug:slug>/deliveries/<int:id>/again/", webhooks.redeliver, name="redeliver"),
]
