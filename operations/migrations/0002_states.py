"""States move only along the table of choices, also by SQL (D-08)."""

from django.db import migrations

from common.transitions import transition_trigger
from operations.choices import JOB_TRANSITIONS


class Migration(migrations.Migration):
    dependencies = [("operations", "0001_initial")]
    operations = [transition_trigger(table="operations_job", column="state", transitions=JOB_TRANSITIONS)]
