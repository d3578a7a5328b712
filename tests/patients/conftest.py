import pytest

from tests.makers import patient


@pytest.fixture
async def clinic(make):
    return await make.clinic()


@pytest.fixture
async def nurse(clinic):
    return await clinic.staff()


@pytest.fixture
async def ada(http, nurse):
    return await patient(http, nurse)
