from app.cli.checking import forecast_of, lines
from tests.worklist.makers import treated


async def test_a_clinics_forecasts_are_held_against_what_came(http, make):
    clinic, other = await make.clinic(), await make.clinic()
    ehr = await clinic.ehr()
    for last in (12, 4):
        await treated(http, ehr, {3: 3, 8: 4, 15: last})
    await treated(http, await other.ehr(), {3: 3, 8: 4})

    told = await forecast_of(http.state["pool"], clinic.id)

    assert told.forecasts == 4
    assert sum(one.forecasts * one.came for one in told.deciles) == 1
    assert {one.percent for one in told.intervals} == {50, 80, 95}
    assert lines(told)[0] == "4 forecasts of the next score"
