"""States move only along the table of choices, also by SQL (D-08)."""

from django.db import migrations

from common.transitions import transition_trigger
from programmes.choices import CONTACT_TRANSITIONS, ENROLMENT_TRANSITIONS, STAGE_TRANSITIONS


class Migration(migrations.Migration):
    dependencies = [("programmes", "0001_initial")]
    operations = [
        transition_trigger(table="programmes_cohort", column="stage", transitions=STAGE_TRANSITIONS),
        transition_trigger(table="programmes_enrolment", column="state", transitions=ENROLMENT_TRANSITIONS),
        transition_trigger(table="programmes_contactrequest", column="state", transitions=CONTACT_TRANSITIONS),
    ]
