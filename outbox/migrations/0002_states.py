"""A mail moves only along the table of choices, also by SQL (D-08)."""

from django.db import migrations

from common.transitions import transition_trigger
from outbox.choices import MESSAGE_TRANSITIONS


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]
    operations = [
        transition_trigger(table="outbox_message", column="state", transitions=MESSAGE_TRANSITIONS)
    ]
