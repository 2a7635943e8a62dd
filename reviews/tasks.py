"""What Celery calls; the work itself is in reviews.workflow."""

from celery import shared_task

from reviews import workflow


@shared_task(name=workflow.TASK)
def run(run_id: int) -> None:
    workflow.score(run_id)


@shared_task(name="reviews.tasks.rescue")
def rescue() -> int:
    return workflow.rescue()
