"""Nothing that we serve leads elsewhere."""

import pytest


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/docs/oauth2-redirect"])
async def test_no_page_of_ours_runs_scripts_of_other_sites(http, path):
    assert (await http.get(path)).status_code == 404


async def test_no_request_is_sent_on_to_the_host_it_names(http):
    answer = await http.get("/v1/patients/", headers={"Host": "elsewhere.example"})

    assert answer.status_code == 404
