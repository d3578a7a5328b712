"""What the forecast is for. A clinic sees none before an admin has accepted this text.

Whoever changes a word that a clinician could act on raises the version; then each clinic is asked
again, and its forecast is off until it has answered.
"""

VERSION = "2026-11"

_WRITTEN = """
What it is for. Afterglow estimates, for one patient after one infusion, how long relief is likely
to last, how likely it is that relief is already lost, and in which days a repeat would come
neither early nor late. It is meant for clinicians who treat depression with ketamine or
esketamine, as one of the things they look at. It is not meant for patients, and no patient is
shown it.

Clinicians decide. The forecast recommends nothing that may be done without a clinician: not a
dose, not a date, not that a treatment be given, repeated, delayed or ended. It changes no
schedule and books nothing. Whoever decides should look at the readings that it rests on, which
are named beside it, and at what it cannot know: what the patient says, other treatments, other
illness, and life.

What it rests on. Only what is recorded here: infusions with their times and doses, and scores on
the questionnaires that the relief method uses. It learns from the episodes of this clinic's own
patients around numbers that came with the software. With few check-ins it is wide, and where they
do not suffice it says so and gives none. A missing or a wrong record makes it wrong without a
sign.

How well it is known to work. It was tested on simulated clinics only. The people in them were
made by a computer from published averages; no forecast has been compared with what became of real
patients in a study. How it does here can be seen by `afterglow forecast check`, which a clinic
should read before it leans on it, and again from time to time.

What it is not. It is not a medical device, has been approved by no authority, and must not be
used as if it were. It is no measure of the risk of suicide, and calm says nothing about safety.
It is not made for children, for anyone in an emergency, or for drugs, routes and illnesses other
than those recorded as treated here.

By accepting, the clinic says that an admin has read this, that those who will see the forecast
know it, and that the clinic answers for its use. It can be taken back at any time.
"""

TEXT = "\n\n".join(" ".join(one.split()) for one in _WRITTEN.split("\n\n"))
"""A paragraph a line."""
