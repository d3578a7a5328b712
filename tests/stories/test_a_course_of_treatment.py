"""Ada's first course, as her clinic records it and reads it back."""

from datetime import timedelta

from app.access.policy import Role
from app.kit import clock
from tests.makers import NOW

START = NOW - timedelta(days=60)
SUPPLIES = [{"product": "Ketamine 50 mg/ml", "lot_number": "K-7", "drawn_mg": 50, "wasted_mg": 10}]


def when(day, hours=0.0):
    """An instant so many days after the first infusion."""
    return START + timedelta(days=day, hours=hours)


class Clinic:
    """Someone at work: says things to the service on a day of the course."""

    def __init__(self, http, headers):
        self.http, self.headers = http, headers
        self.chart = ""

    async def says(self, day, method, path, hours=0.0, headers=None, **sent):
        """A request on that day; what the service answers."""
        named = {**self.headers, **(headers or {})}
        with clock.at(when(day, hours)):
            answer = await self.http.request(method, path, json=sent, headers=named)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    async def asks(self, path, **params):
        """What the service answers today."""
        answer = await self.http.get(f"{self.chart}/{path}", params=params, headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def plans(self, day, **told):
        """An appointment for that day, made the day before."""
        sent = {"drug": "ketamine", "route": "iv", "scheduled_at": when(day).isoformat()}
        planned = {"planned_mg_per_kg": 0.5, "planned_dose_mg": 40, "weight_kg": 80}
        path = f"{self.chart}/infusions"
        return (await self.says(day - 1, "POST", path, **sent, **planned, **told))["id"]

    async def gives(self, day, infusion, minutes=40):
        """Start on time, measure before, during and after, and complete."""
        place, end = f"/v1/infusions/{infusion}", minutes / 60
        await self.measures(day, infusion, -0.1, 124, 78)
        await self.says(day, "POST", f"{place}/start", started_at=when(day).isoformat())
        await self.measures(day, infusion, 0.4, 152, 94)
        told = {"ended_at": when(day, end).isoformat(), "dose_mg": 40}
        done = await self.says(day, "POST", f"{place}/complete", end, **told)
        await self.measures(day, infusion, 1.5, 130, 80)
        return done

    async def measures(self, day, infusion, hours, systolic, diastolic):
        """Blood pressure."""
        pressure = {"systolic_mmhg": systolic, "diastolic_mmhg": diastolic}
        told = {"measured_at": when(day, hours).isoformat(), "infusion_id": infusion}
        await self.says(day, "POST", f"{self.chart}/vitals", hours, **told, **pressure)

    async def scores(self, day, total, said_on=None):
        """A PHQ-9 of that day, told at once or later; its id."""
        told = {"instrument": "PHQ-9", "taken_at": when(day).isoformat(), "total": total}
        path = f"{self.chart}/assessments"
        return (await self.says(said_on or day, "POST", path, 0.1, **told))["id"]

    async def relief(self, **asked):
        """The episodes."""
        return (await self.asks("relief", **asked))["episodes"]


async def first_infusion(nurse):
    """Relief that is seen to hold on day 12 and to be gone on day 19; the ids of the scores."""
    ada = await nurse.says(-7, "POST", "/v1/patients", given_name="Ada", birth_date="1984-05-02")
    nurse.chart = f"/v1/patients/{ada['id']}"
    baseline = await nurse.scores(-2, 20)
    infusion = await nurse.plans(0, supplies=SUPPLIES)
    done = await nurse.gives(0, infusion)
    assert (done["status"], done["dose_mg_per_kg"], done["number_in_course"]) == (
        "completed",
        0.5,
        1,
    )
    for effect, present in {"dissociation": True, "nausea": False}.items():
        told = {"effect": effect, "present": present, "infusion_id": infusion}
        told["observed_at"] = when(0, 1).isoformat()
        await nurse.says(0, "POST", f"{nurse.chart}/side-effects", 1, **told)
    totals = {1: 9, 5: 7, 12: 8, 19: 14}
    return infusion, [baseline, *[await nurse.scores(day, total) for day, total in totals.items()]]


async def test_a_course_is_told_from_the_first_plan_to_the_relief_it_brought(http, make):
    clinic = await make.clinic()
    nurse = Clinic(http, await clinic.staff(Role.NURSE))

    first, scores = await first_infusion(nurse)

    (episode,) = await nurse.relief()
    assert (episode["infusion_id"], episode["status"]) == (first, "lost")
    assert (episode["lower_days"], episode["upper_days"]) == (12, 19)
    assert episode["rests_on"] == scores[1:]

    second = await nurse.plans(21)
    await nurse.gives(21, second)
    held = await nurse.scores(26, 6)

    before, after = await nurse.relief()
    assert (before["lower_days"], before["upper_days"]) == (12, 19)
    assert (after["status"], after["lower_days"]) == ("held", 5)
    assert (after["number_in_course"], after["course_id"]) == (2, before["course_id"])

    kinds = "infusion,vitals,side_effect,assessment"
    timeline = (await nurse.asks("timeline", order="asc", kinds=kinds))["items"]
    assert [item["at"] for item in timeline] == sorted(item["at"] for item in timeline)
    assert [item["kind"] for item in timeline] == [
        *("assessment", "vitals", "infusion", "vitals", "side_effect", "side_effect", "vitals"),
        *("assessment", "assessment", "assessment", "assessment"),
        *("vitals", "infusion", "vitals", "vitals", "assessment"),
    ]
    assert [item["id"] for item in timeline if item["kind"] == "infusion"] == [first, second]
    asked = {item["data"]["effect"]: item["data"]["present"] for item in timeline[4:6]}
    assert asked == {"dissociation": True, "nausea": False}
    assert timeline[-1]["id"] == held


async def test_what_comes_to_light_later_changes_the_answer_and_not_what_was_known(http, make):
    clinic = await make.clinic()
    nurse = Clinic(http, await clinic.staff(Role.NURSE))
    _, scores = await first_infusion(nurse)
    last = f"/v1/assessments/{scores[-1]}"

    late = await nurse.scores(16, 8, said_on=30)
    told = [*await nurse.relief()]
    misread = {"total": 10, "change_reason": "misread"}
    await nurse.says(31, "PATCH", last, headers={"If-Match": '"1"'}, **misread)
    told += await nurse.relief()
    await nurse.says(32, "POST", f"{last}/void", reason="another patient's")
    told += await nurse.relief()

    spans = [(one["status"], one["lower_days"], one["upper_days"]) for one in told]
    assert spans == [("lost", 16, 19), ("held", 19, None), ("held", 16, None)]
    assert told[-1]["rests_on"] == [*scores[1:-1], late]

    days = (20, 30.5, 31.5, 33)
    known = [(await nurse.relief(known_at=when(day).isoformat()))[0] for day in days]
    spans = [(one["status"], one["lower_days"], one["upper_days"]) for one in known]
    assert spans == [
        ("lost", 12, 19),
        ("lost", 16, 19),
        ("held", 19, None),
        ("held", 16, None),
    ]
    states = [
        (await nurse.asks("relief", as_of=when(day).isoformat()))["current"]["state"]
        for day in (-1, 13, 20, 50)
    ]
    assert states == ["not_evaluable", "holding", "holding", "unknown"]
