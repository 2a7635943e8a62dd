"""What the beat calls; the work itself is in the modules named here."""

from celery import shared_task

from teams.notices import mailing
from teams.webhooks import sending


@shared_task(name="teams.tasks.mail_notices")
def mail_notices() -> int:
    return mailing.send_due()


@shared_task(name="teams.tasks.send_webhooks")
def send_webhooks() -> int:
    return sending.send_due()
