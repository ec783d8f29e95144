"""Logs that are written and never rewritten: the database refuses it, and lets go of rows only where a term says so."""

from __future__ import annotations

from django.db import connection, migrations

#: Set for one transaction by whoever carries out a term or an erasure; nobody else deletes from such a table.
_MAY_FORGET = "mentoring.may_forget"


def append_only_trigger(*, table: str, fixed: str, erasable: str) -> migrations.RunSQL:
    """A migration step: rows of ``table`` are only added.

    One column may be emptied, for people are erased from logs too; and rows go within ``let_go``.

    Args:
        table: the database table; names come from our own migrations, never from input.
        fixed: the columns that never change, separated by commas.
        erasable: the column that may become NULL.
    """
    name = f"{table}_append_only"
    columns = [column.strip() for column in fixed.split(",")]
    new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("NEW", "OLD"))
    forward = f"""
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('{_MAY_FORGET}', true) = 'on' THEN
    RETURN OLD;
  END IF;
  IF TG_OP = 'UPDATE' AND ({new}) IS NOT DISTINCT FROM ({old})
     AND (NEW.{erasable} IS NULL OR NEW.{erasable} IS NOT DISTINCT FROM OLD.{erasable}) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'rows of {table} are neither changed nor deleted'
    USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';
END $$;
CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();
"""
    backward = f"DROP TRIGGER IF EXISTS {name} ON {table}; DROP FUNCTION IF EXISTS {name}();"
    return migrations.RunSQL(forward, backward)


def let_go() -> None:
    """Allow the rest of this transaction to delete from such tables: a term is over, or somebody is erased."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, 'on', true)", [_MAY_FORGET])
