"""Addresses below a design: findings, discussion, waivers, plan."""

from django.urls import path

from reviews.views import findings, plans, talk, waivers

urlpatterns = [
    path("findings/", findings.findings, name="findings"),
    path("findings/at/", findings.finding_at, name="finding_at"),
    path("findings/patch/", findings.patch_many, name="patch_many"),
    path("findings/patch.diff", findings.patch_many_file, name="patch_many_file"),
    path("findings/<int:id>/", findings.finding, name="finding"),
    path("findings/<int:id>/assign/", findings.assign, name="assign"),
    path("findings/<int:id>/discuss/", talk.begin_on_finding, name="discuss"),
    path("findings/<int:id>/patch/", findings.patch, name="patch"),
    path("findings/<int:id>/patch.diff", findings.patch_file, name="patch_file"),
    path("talk/", talk.threads, name="talk"),
    path("talk/<int:id>/", talk.thread, name="thread"),
    path("talk/<int:id>/comments/", talk.comments, name="comments"),
    path("talk/<int:id>/reply/", talk.reply, name="reply"),
    path("talk/<int:id>/settle/", talk.settle, name="settle"),
    path("talk/comments/<int:id>/edit/", talk.edit, name="edit_comment"),
    path("waivers/", waivers.waivers, name="waivers"),
    path("waivers/new/", waivers.propose, name="propose_waiver"),
    path("waivers/<int:id>/", waivers.waiver, name="waiver"),
    path("waivers/<int:id>/decide/", waivers.decide, name="decide_waiver"),
    path("waivers/<int:id>/withdraw/", waivers.withdraw, name="withdraw_waiver"),
    path("plan/", plans.plan, name="plan"),
    path("plan/rows/", plans.rows, name="plan_rows"),
    path("plan/begin/", plans.begin, name="begin_plan"),
    path("plan/new/", plans.add, name="new_action"),
    path("plan/order/", plans.unorder, name="order_plan"),
    path("plan/<int:id>/", plans.action, name="action"),
    path("plan/<int:id>/act/", plans.act, name="act_on_action"),
    path("plan/<int:id>/change/", plans.change, name="change_action"),
    path("plan/plan.<str:form>", plans.file, name="plan_file"),
]
