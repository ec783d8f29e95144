"""Whether one person stands above another, answered inside a query: whom one may turn to depends on it (decision 3)."""

from django.db import migrations

#: By manager, appraiser or dotted line, however far up. UNION drops what was seen, so circles end.
ABOVE = """
CREATE FUNCTION participants_is_above(high bigint, low bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  WITH RECURSIVE line(low_id, high_id) AS (
      SELECT id, manager_id FROM participants_person WHERE manager_id IS NOT NULL
    UNION ALL
      SELECT id, appraiser_id FROM participants_person WHERE appraiser_id IS NOT NULL
    UNION ALL
      SELECT person_id, manager_id FROM participants_dottedline
  ), above(id) AS (
      SELECT line.high_id FROM line WHERE line.low_id = low
    UNION
      SELECT line.high_id FROM above JOIN line ON line.low_id = above.id
  )
  SELECT EXISTS (SELECT 1 FROM above WHERE above.id = high);
$$;
"""


class Migration(migrations.Migration):

    dependencies = [("participants", "0008_rights")]

    operations = [
        migrations.RunSQL(ABOVE, "DROP FUNCTION participants_is_above(bigint, bigint);"),
    ]
