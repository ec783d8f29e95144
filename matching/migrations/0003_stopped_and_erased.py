"""Runs that were stopped, and a record that lets nothing change but its release and an erasure (decision 31)."""

from django.db import migrations, models

from common.transitions import transition_trigger
from matching.choices import RUN_TRANSITIONS

MOVES = "matching_matchingrun_state_transition"

#: Of a run that has ended nothing changes, except: its release; that an erasure takes keys and input away and marks
#: it; that references to people and work that are gone become empty.
FROZEN = """
CREATE OR REPLACE FUNCTION matching_run_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state IN ('done', 'failed', 'cancelled', 'released') AND NOT (
      (NEW.cohort_id, NEW.number, NEW.settings, NEW.tie_seed, NEW.result, NEW.input_digest, NEW.mentors, NEW.mentees,
       NEW.seats, NEW.matched, NEW.gap, NEW.error, NEW.finished_at, NEW.created_at)
      IS NOT DISTINCT FROM
      (OLD.cohort_id, OLD.number, OLD.settings, OLD.tie_seed, OLD.result, OLD.input_digest, OLD.mentors, OLD.mentees,
       OLD.seats, OLD.matched, OLD.gap, OLD.error, OLD.finished_at, OLD.created_at)
      AND (NEW.requested_by_id IS NULL OR NEW.requested_by_id IS NOT DISTINCT FROM OLD.requested_by_id)
      AND (NEW.job_id IS NULL OR NEW.job_id IS NOT DISTINCT FROM OLD.job_id)
      AND (NEW.released_by_id IS NULL OR NEW.released_by_id IS NOT DISTINCT FROM OLD.released_by_id
           OR (OLD.state = 'done' AND NEW.state = 'released'))
      AND (NEW.released_at IS NOT DISTINCT FROM OLD.released_at
           OR (OLD.state = 'done' AND NEW.state = 'released'))
      AND (OLD.is_reproducible OR NOT NEW.is_reproducible)
      AND ((NEW.problem = OLD.problem AND NEW.keys = OLD.keys)
           OR (NOT NEW.is_reproducible AND NEW.problem = '{}'::jsonb AND OLD.keys @> NEW.keys))) THEN
    RAISE EXCEPTION 'a finished matching run does not change'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'matching_run_frozen';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0002_states'),
        ('participants', '0003_goes_with'),
        ('programmes', '0003_topics'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='matchingrun',
            name='run_state_known',
        ),
        migrations.AddField(
            model_name='matchingrun',
            name='gap',
            field=models.BigIntegerField(null=True, verbose_name='distance from the proven best'),
        ),
        migrations.AddField(
            model_name='matchingrun',
            name='is_reproducible',
            field=models.BooleanField(default=True, verbose_name='can be worked out again'),
        ),
        migrations.AlterField(
            model_name='matchingrun',
            name='state',
            field=models.CharField(choices=[('queued', 'waiting'), ('running', 'running'), ('done', 'done'), ('failed', 'no result'), ('cancelled', 'stopped'), ('released', 'released')], default='queued', max_length=10, verbose_name='state'),
        ),
        migrations.AddConstraint(
            model_name='matchingrun',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'running', 'done', 'failed', 'cancelled', 'released'])), name='run_state_known'),
        ),
        migrations.AddConstraint(
            model_name='matchingrun',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['queued', 'running'])), fields=('cohort',), name='run_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'confirmed'), _negated=True), models.Q(('mentee_answer__in', ('yes', 'taster')), ('mentor_answer__in', ('yes', 'taster'))), _connector='OR'), name='proposal_confirmed_by_both'),
        ),
        # The table of moves has grown: an installation that has the older one gets the new one.
        migrations.RunSQL(f"DROP TRIGGER {MOVES} ON matching_matchingrun", migrations.RunSQL.noop),
        transition_trigger(table="matching_matchingrun", column="state", transitions=RUN_TRANSITIONS),
        migrations.RunSQL(FROZEN, migrations.RunSQL.noop),
    ]
