"""What the beat calls; the work itself is in the modules named here."""

from celery import shared_task

from teams.notices import mailing


@shared_task(name="teams.tasks.mail_notices")
def mail_notices() -> int:
    return mailing.send_due()
