"""What the database itself refuses: a state out of order, a promise changed, figures touched (A-06, A-13, D-08)."""

from django.db import migrations

from common.transitions import transition_trigger
from evaluations.choices import ROUND_TRANSITIONS

FROZEN = "cohort_id, kind, number, confidentiality, opens_at, closes_at, minutes, k, comment_k, audience, questions, segments"
COUNTED = "closed_at, sealed_at, respondents"
PUBLISHED = "published_at, changes"


def _row(prefix, columns):
    return ", ".join(f"{prefix}.{column.strip()}" for column in columns.split(","))


def _changed(columns):
    return f"({_row('NEW', columns)}) IS DISTINCT FROM ({_row('OLD', columns)})"


ROUND = f"""
CREATE FUNCTION evaluations_round_promise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.state <> 'draft' THEN
      RAISE EXCEPTION 'a launched round is not deleted'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'evaluations_round_promise';
    END IF;
    RETURN OLD;
  END IF;
  IF (OLD.state <> 'draft' AND {_changed(FROZEN)})
     OR (OLD.sealed_at IS NOT NULL AND {_changed(COUNTED)})
     OR (OLD.state = 'published' AND {_changed(PUBLISHED)}) THEN
    RAISE EXCEPTION 'what respondents were told is fixed at launch'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'evaluations_round_promise';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER evaluations_round_promise BEFORE UPDATE OR DELETE ON evaluations_round
  FOR EACH ROW EXECUTE FUNCTION evaluations_round_promise();
"""

REFUSALS = """
CREATE FUNCTION evaluations_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of % is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
END $$;
CREATE TRIGGER evaluations_snapshot_fixed BEFORE UPDATE OR DELETE ON evaluations_snapshot
  FOR EACH ROW EXECUTE FUNCTION evaluations_refuse();
CREATE TRIGGER evaluations_pending_final BEFORE UPDATE ON evaluations_pendinganswer
  FOR EACH ROW EXECUTE FUNCTION evaluations_refuse();
CREATE TRIGGER evaluations_sealed_final BEFORE UPDATE ON evaluations_sealedanswer
  FOR EACH ROW EXECUTE FUNCTION evaluations_refuse();
CREATE TRIGGER evaluations_ledger_one_way BEFORE UPDATE ON evaluations_ledgerentry
  FOR EACH ROW WHEN (OLD.done OR (NEW.round_id, NEW.person_id, NEW.part) IS DISTINCT FROM
    (OLD.round_id, OLD.person_id, OLD.part)) EXECUTE FUNCTION evaluations_refuse();
"""

DROP_REFUSALS = """
DROP TRIGGER evaluations_snapshot_fixed ON evaluations_snapshot;
DROP TRIGGER evaluations_pending_final ON evaluations_pendinganswer;
DROP TRIGGER evaluations_sealed_final ON evaluations_sealedanswer;
DROP TRIGGER evaluations_ledger_one_way ON evaluations_ledgerentry;
DROP FUNCTION evaluations_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0001_initial")]
    operations = [
        transition_trigger(table="evaluations_round", column="state", transitions=ROUND_TRANSITIONS),
        migrations.RunSQL(
            ROUND,
            "DROP TRIGGER evaluations_round_promise ON evaluations_round;"
            " DROP FUNCTION evaluations_round_promise();",
        ),
        migrations.RunSQL(REFUSALS, DROP_REFUSALS),
    ]
