"""States move only along the table of choices, also by SQL (D-08)."""

from django.db import migrations

from common.transitions import transition_trigger
from participants.choices import FILE_TRANSITIONS


class Migration(migrations.Migration):
    dependencies = [("participants", "0001_initial")]
    operations = [
        transition_trigger(table="participants_importfile", column="state", transitions=FILE_TRANSITIONS)
    ]
