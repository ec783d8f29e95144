"""States move only along the table of choices, also by SQL (D-08)."""

from django.db import migrations

from common.transitions import transition_trigger
from pairings.choices import PAIRING_TRANSITIONS


class Migration(migrations.Migration):
    dependencies = [("pairings", "0001_initial")]
    operations = [
        transition_trigger(table="pairings_pairing", column="state", transitions=PAIRING_TRANSITIONS)
    ]
