"""What Celery calls; the work itself is in reviews.workflow."""

from celery import shared_task

from reviews import workflow
from reviews.followup import planning, waiving
from reviews.judging import reminding


@shared_task(name=workflow.TASK)
def run(run_id: int) -> None:
    workflow.score(run_id)


@shared_task(name="reviews.tasks.rescue")
def rescue() -> int:
    return workflow.rescue() + planning.rescue()


@shared_task(name=planning.TASK)
def plan(plan_id: int) -> None:
    planning.work_out(plan_id)


@shared_task(name="reviews.tasks.waivers")
def waivers() -> int:
    return waiving.look_through()


@shared_task(name="reviews.tasks.reminders")
def reminders() -> int:
    return reminding.look_through()
