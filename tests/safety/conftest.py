import pytest

from tests.makers import patient
from tests.safety.makers import Chart


@pytest.fixture
async def clinic(make):
    return await make.clinic()


@pytest.fixture
async def ada(http, clinic):
    """A patient's chart, in a clinician's hands."""
    me = await clinic.staff()
    return Chart(http, me, await patient(http, me))
