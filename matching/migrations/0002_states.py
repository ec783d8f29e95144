"""States move only along the table of choices, and a run that is done stays as it is (D-08)."""

from django.db import migrations

from common.transitions import transition_trigger
from matching.choices import PROPOSAL_TRANSITIONS, RUN_TRANSITIONS

FROZEN = """
CREATE OR REPLACE FUNCTION matching_run_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state IN ('done', 'released') AND (
      NEW.problem IS DISTINCT FROM OLD.problem OR NEW.result IS DISTINCT FROM OLD.result
      OR NEW.settings IS DISTINCT FROM OLD.settings OR NEW.input_digest IS DISTINCT FROM OLD.input_digest
      OR NEW.tie_seed IS DISTINCT FROM OLD.tie_seed) THEN
    RAISE EXCEPTION 'a finished matching run does not change'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'matching_run_frozen';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER matching_run_frozen BEFORE UPDATE ON matching_matchingrun
  FOR EACH ROW EXECUTE FUNCTION matching_run_frozen();
"""
THAWED = "DROP TRIGGER matching_run_frozen ON matching_matchingrun; DROP FUNCTION matching_run_frozen();"


class Migration(migrations.Migration):
    dependencies = [("matching", "0001_initial")]
    operations = [
        transition_trigger(table="matching_matchingrun", column="state", transitions=RUN_TRANSITIONS),
        transition_trigger(table="matching_proposal", column="state", transitions=PROPOSAL_TRANSITIONS),
        migrations.RunSQL(FROZEN, THAWED),
    ]
