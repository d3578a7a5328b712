"""What a test asks of the audit."""


async def left(owner, clinic):
    """The rows of a clinic, sealed or not, in the order they came."""
    rows = await owner.rows(
        """
        SELECT id, caller, actor_id, role, acting_for, patient_id, method, route, record_id, act,
            status FROM audit_arrivals WHERE clinic_id = $1
        UNION ALL
        SELECT id, caller, actor_id, role, acting_for, patient_id, method, route, record_id, act,
            status FROM audit_events WHERE clinic_id = $1
        ORDER BY id
        """,
        clinic.id,
    )
    return [dict(row) for row in rows]
