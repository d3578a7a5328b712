"""Nothing that we serve leads elsewhere."""

import pytest


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/docs/oauth2-redirect"])
async def test_no_page_of_ours_runs_scripts_of_other_sites(http, path):
    assert (await http.get(path)).status_code == 404
