"""What every new table gets: a wall, and for records history and word to the outbox."""

from alembic import op

CLINIC = "clinic_id = this_clinic()"


def wall(table: str, condition: str) -> None:
    """Let a row be seen and written only where the condition holds."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own ON {table} USING ({condition}) WITH CHECK ({condition})")


def wall_of_patient(table: str, patient: str = "patient_id") -> None:
    """Rows about a patient: of the clinic, and for a phone those of its own patient.

    A CASE is taken to let one row in two pass, `IS NULL OR` one in two hundred: see 0002.
    """
    own = f"CASE WHEN this_patient() IS NULL THEN true ELSE {patient} = this_patient() END"
    wall(table, f"{CLINIC} AND {own}")


def wall_of_clinic(table: str) -> None:
    """Rows of a clinic in which no patient's phone has any business."""
    wall(table, f"{CLINIC} AND this_patient() IS NULL")


def keep(table: str, patient: str = "patient_id") -> None:
    """Keep the former row at each change."""
    op.execute(f"""
        CREATE TRIGGER keep_history AFTER UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION keep_history('{patient}')
    """)


def tell(table: str) -> None:
    """Tell the outbox of each new record and each new version."""
    op.execute(f"""
        CREATE TRIGGER tell_of_new AFTER INSERT ON {table}
        FOR EACH ROW EXECUTE FUNCTION tell()
    """)
    op.execute(f"""
        CREATE TRIGGER tell_of_change AFTER UPDATE ON {table}
        FOR EACH ROW WHEN (OLD.version <> NEW.version) EXECUTE FUNCTION tell()
    """)
