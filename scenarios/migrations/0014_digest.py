from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scenarios", "0013_reports")]

    operations = [
        migrations.AddField(
            model_name="preferences",
            name="digest",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="preferences",
            name="digested",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
