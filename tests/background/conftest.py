import pytest

from tests.background.makers import Chart, chart_of


@pytest.fixture
async def chart(http, make) -> Chart:
    return await chart_of(http, await make.clinic())
