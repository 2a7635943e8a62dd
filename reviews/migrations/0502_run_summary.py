"""The numbers of the portfolio beside each result, for runs that ended before there were any."""

from django.db import migrations, models

WORDS = ("open", "waived", "unknown", "error", "pass")
RANKS = {"critical": 0, "high": 1, "medium": 2, "low": 3}


def fill(apps, schema_editor):
    run = apps.get_model("reviews", "Run")
    rows = run.objects.filter(state="done", summary={}).only("pk", "result")
    for each in rows.iterator(chunk_size=20):
        if each.result:
            run.objects.filter(pk=each.pk).update(summary=summed(each.result))


def summed(result):
    """As `reviews.portfolio.tally.of`, from the stored form; what the text says of itself follows
    with the next check."""
    waived = {(w["rule"], w["subject"]) for w in result.get("waived", ())}
    rules = {}
    for found in result.get("findings", ()):
        word = found["verdict"]
        if word == "not_applicable":
            continue
        row = rules.setdefault(found["rule"], ["", 0, 0, 0, 0, 0])
        if word == "fail":
            word = "waived" if (found["rule"], found["subject"]) in waived else "open"
            known = [s for s in (row[0], found.get("severity", "low")) if s]
            row[0] = min(known, key=lambda s: RANKS.get(s, 3))
        row[1 + WORDS.index(word)] += 1
    for row in rules.values():
        row[0] = row[0] or "low"
    return {"rules": rules}


class Migration(migrations.Migration):
    dependencies = [("reviews", "0501_reports")]
    operations = [
        migrations.AddField("run", "summary", models.JSONField(blank=True, default=dict)),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
