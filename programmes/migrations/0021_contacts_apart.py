"""Whom people turn to takes no part in the programme: held by the database itself, from both sides (decision 3)."""

from django.db import migrations

#: A row of the one kind cannot see a row of the other that is not committed yet. So both hold the programme's row to
#: the end of their transaction: parts side by side, a contact alone. Whoever comes second waits, and then sees.
#: Declined, withdrawn or completed is no part. What was there before is not looked at again: a part that goes on is
#: refused nothing.
FORWARD = """
CREATE FUNCTION programmes_namedcontact_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM programmes_programme WHERE id = NEW.programme_id FOR NO KEY UPDATE;
  IF EXISTS (
    SELECT 1 FROM programmes_enrolment part JOIN programmes_cohort cohort ON cohort.id = part.cohort_id
     WHERE cohort.programme_id = NEW.programme_id AND part.person_id = NEW.person_id
       AND part.state NOT IN ('declined', 'withdrawn', 'completed')
  ) THEN
    RAISE EXCEPTION 'whoever takes part in a programme is not its named contact'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'programmes_namedcontact_apart';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER programmes_namedcontact_apart
  AFTER INSERT OR UPDATE OF programme_id, person_id ON programmes_namedcontact
  FOR EACH ROW EXECUTE FUNCTION programmes_namedcontact_apart();

CREATE FUNCTION programmes_enrolment_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state IN ('declined', 'withdrawn', 'completed') THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF OLD.state NOT IN ('declined', 'withdrawn', 'completed')
       AND (NEW.cohort_id, NEW.person_id) IS NOT DISTINCT FROM (OLD.cohort_id, OLD.person_id) THEN
      RETURN NULL;
    END IF;
  END IF;
  PERFORM 1 FROM programmes_programme programme JOIN programmes_cohort cohort
    ON cohort.programme_id = programme.id WHERE cohort.id = NEW.cohort_id FOR SHARE OF programme;
  IF EXISTS (
    SELECT 1 FROM programmes_namedcontact contact JOIN programmes_cohort cohort
      ON cohort.programme_id = contact.programme_id
     WHERE cohort.id = NEW.cohort_id AND contact.person_id = NEW.person_id
  ) THEN
    RAISE EXCEPTION 'the named contact of a programme takes no part in it'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'programmes_enrolment_apart';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER programmes_enrolment_apart
  AFTER INSERT OR UPDATE OF cohort_id, person_id, state ON programmes_enrolment
  FOR EACH ROW EXECUTE FUNCTION programmes_enrolment_apart();

CREATE FUNCTION programmes_cohort_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a cohort stays in its programme'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'programmes_cohort_stays';
END $$;
CREATE TRIGGER programmes_cohort_stays BEFORE UPDATE OF programme_id ON programmes_cohort
  FOR EACH ROW WHEN (NEW.programme_id IS DISTINCT FROM OLD.programme_id)
  EXECUTE FUNCTION programmes_cohort_stays();
"""
BACKWARD = """
DROP TRIGGER programmes_cohort_stays ON programmes_cohort;
DROP FUNCTION programmes_cohort_stays();
DROP TRIGGER programmes_enrolment_apart ON programmes_enrolment;
DROP FUNCTION programmes_enrolment_apart();
DROP TRIGGER programmes_namedcontact_apart ON programmes_namedcontact;
DROP FUNCTION programmes_namedcontact_apart();
"""


class Migration(migrations.Migration):
    dependencies = [("programmes", "0020_rhythm_range")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
