"""The statements that fill a clinic. $1 is the clinic."""

from dataclasses import dataclass

CLINIC = """
    INSERT INTO clinics (id, slug, name, time_zone, is_demo, created_at)
    VALUES ($1, 'bench', 'Bench', 'America/Denver', false, now())
"""

VERSIONED = {
    "clinic_id": "$1",
    "version": "1",
    "recorded_at": "t.at",
    "recorded_by": "$1",
    "changed_at": "t.at",
    "changed_by": "$1",
    "content_sha256": r"'\x00'::bytea",
}

PATIENT_ID = "md5('patient-' || n)::uuid"


def insert(table, columns, source):
    """An INSERT ... SELECT from an expression for each column."""
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} {source}"
    )


NAMED = "($3::text[])[1 + n % array_length($3::text[], 1)]"

PATIENTS = insert(
    "patients",
    VERSIONED
    | {
        "id": PATIENT_ID,
        "status": "'final'",
        "identifiers": "json_build_array(json_build_object('system', 'urn:ehr', 'value', n::text))",
        "given_name": "'Ada ' || n",
        "given_key": "'ada ' || n",
        "family_name": f"initcap({NAMED}) || '-' || n",
        "family_key": f"{NAMED} || '-' || n",
        "birth_date": "date '1940-01-01' + (n * 37) % 24000",
        "sex": "(ARRAY['female', 'male', 'other', 'unknown'])[1 + n % 4]",
        "phones": "ARRAY['+1 303 555 0100']",
        "emergency_contacts": "'[]'",
        "instrument_priority": "ARRAY['PHQ-9']",
        "active": "true",
        "is_demo": "false",
    },
    "FROM generate_series(1, $2::int) AS n, (SELECT now() - interval '10 years' AS at) AS t",
)

CREDENTIALS = """
    WITH named AS (
        INSERT INTO identifiers (clinic_id, id, patient_id, system, value, position)
        SELECT $1, md5('name-' || n)::uuid, md5('patient-' || n)::uuid, 'urn:ehr', n::text, 0
        FROM generate_series(1, $2::int) AS n
    ), phones AS (
        INSERT INTO tokens
            (clinic_id, id, sha256, caller, subject_id, role, scope, patient_id, issued_at,
             expires_at)
        SELECT $1, md5('token-' || n)::uuid, sha256(convert_to('phone-' || n, 'UTF8')), 'device',
            md5('device-' || n)::uuid, 'patient', 'patient', md5('patient-' || n)::uuid, now(),
            now() + interval '1 day'
        FROM generate_series(1, $2::int) AS n
    )
    INSERT INTO tokens
        (clinic_id, id, sha256, caller, subject_id, role, scope, issued_at, expires_at)
    VALUES ($1, $1, $3, 'staff', $1, 'clinician', '', now(), now() + interval '1 day')
"""

CLINICAL = VERSIONED | {
    "id": "gen_random_uuid()",
    "patient_id": PATIENT_ID,
    "status": "'final'",
    "effective_at": "t.at",
    "precision": "'instant'",
    "entry_mode": "'live'",
    "time_zone": "'America/Denver'",
    "utc_offset_minutes": "-420",
}

EACH = """
    FROM generate_series($4::int, 1, -1) AS k, generate_series($2::int, $3::int) AS n,
    LATERAL (
        SELECT now() - interval '10 years' * k / ($4::int + 1) - interval '1 minute' * (n % 60)
            AS at
    ) AS t
    ORDER BY k DESC
"""
"""$2 to $3 are the patients; each gets $4 rows, spread over ten years."""


@dataclass(frozen=True)
class Kind:
    """A table of records, and how many rows patients have in it."""

    table: str
    columns: dict[str, str]
    each: int
    busy: int

    @property
    def sql(self):
        return insert(self.table, CLINICAL | self.columns, EACH)


KINDS = (
    Kind(
        "infusions",
        {
            "drug": "'ketamine'",
            "route": "'iv'",
            "setting": "'clinic'",
            "supplies": "'[]'",
            "reasons": "'[]'",
            "separate_from": "'{}'",
            "status": "'completed'",
            "planned_mg_per_kg": "0.5",
            "dose_mg": "40",
            "weight_kg": "80",
            "weight_kind": "'actual'",
            "scheduled_at": "t.at",
            "started_at": "t.at",
            "ended_at": "t.at + interval '40 minutes'",
            "discharged_at": "t.at + interval '2 hours'",
        },
        each=2,
        busy=60,
    ),
    Kind(
        "vitals",
        {
            "measured_at": "t.at",
            "systolic_mmhg": "120 + k % 40",
            "diastolic_mmhg": "70 + k % 20",
            "heart_rate_bpm": "60 + k % 40",
            "spo2_percent": "97",
            "method": "'monitor'",
        },
        each=8,
        busy=720,
    ),
    Kind(
        "side_effects",
        {
            "observed_at": "t.at",
            "effect": "'nausea'",
            "present": "k % 2 = 0",
            "severity": "k % 10",
            "interventions": "'[]'",
            "reported_by": "'patient'",
        },
        each=3,
        busy=300,
    ),
    Kind(
        "assessments",
        {
            "instrument": "'PHQ-9'",
            "taken_at": "t.at",
            "answers": "ARRAY[1, 1, 2, 0, 1, 0, 2, 0, 0]",
            "total": "7",
            "total_source": "'computed'",
            "complete": "true",
            "band": "'mild'",
            "scoring_version": "'1'",
            "self_harm": "'none'",
            "answered_by": "'patient'",
        },
        each=8,
        busy=500,
    ),
)
