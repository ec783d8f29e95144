"""States move only along the table of choices, also by SQL (D-08)."""

from django.db import migrations

from common.transitions import transition_trigger
from meetings.choices import MEETING_TRANSITIONS


class Migration(migrations.Migration):
    dependencies = [("meetings", "0001_initial")]
    operations = [
        transition_trigger(table="meetings_meeting", column="state", transitions=MEETING_TRANSITIONS)
    ]
