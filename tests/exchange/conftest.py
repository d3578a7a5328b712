import pytest

from tests.makers import patient


@pytest.fixture
async def clinic(make):
    return await make.clinic(time_zone="America/Denver")


@pytest.fixture
async def ehr(clinic):
    return await clinic.ehr()


@pytest.fixture
async def nurse(clinic):
    return await clinic.staff("nurse")


@pytest.fixture
async def ada(http, ehr):
    return await patient(http, ehr)
