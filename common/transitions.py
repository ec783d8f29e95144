"""State machines held by the database itself: a trigger refuses a change that the table of choices forbids.

A check constraint sees only the new row; the old state needs a trigger (decision 37, D-08).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import migrations

Transitions = Mapping[str, Sequence[str]]


def transition_trigger(*, table: str, column: str, transitions: Transitions) -> migrations.RunSQL:
    """A migration step that lets ``table.column`` change only along ``transitions``.

    Args:
        table: the database table; names come from our own migrations, never from input.
        column: the state column.
        transitions: from each state, the states that may follow; staying is always allowed.
    """
    name = f"{table}_{column}_transition"
    allowed = " OR ".join(
        f"(OLD.{column} = '{old}' AND NEW.{column} IN ({', '.join(repr(str(n)) for n in new)}))"
        for old, new in transitions.items()
        if new
    )
    forward = f"""
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.{column} IS DISTINCT FROM OLD.{column} AND NOT ({allowed or "FALSE"}) THEN
    RAISE EXCEPTION 'illegal transition of {table}.{column}: % to %', OLD.{column}, NEW.{column}
      USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER {name} BEFORE UPDATE OF {column} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();
"""
    backward = f"DROP TRIGGER IF EXISTS {name} ON {table}; DROP FUNCTION IF EXISTS {name}();"
    return migrations.RunSQL(forward, backward)
