import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import ValidationError
from standardwebhooks import Webhook

from app.config import Settings
from app.webhooks.delivery import signing_key


def test_the_key_is_made_once_and_is_its_owners_alone(tmp_path):
    settings = Settings(data_dir=tmp_path / "data")

    first, again = signing_key(settings), signing_key(settings)

    assert first == again
    assert first.startswith("whsec_")
    assert Webhook(first).sign
    assert (tmp_path / "data" / "alert_secret").stat().st_mode & 0o777 == 0o600


def test_processes_that_start_together_share_one_key(tmp_path):
    code = (
        "from app.config import Settings; from app.webhooks.delivery import signing_key; "
        f"print(signing_key(Settings(data_dir={str(tmp_path)!r})))"
    )

    def start(_):
        return subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout

    with ThreadPoolExecutor(4) as together:
        keys = set(together.map(start, range(4)))

    assert len(keys) == 1


def test_the_key_of_the_settings_goes_first(tmp_path):
    settings = Settings(data_dir=tmp_path, alert_secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")

    assert signing_key(settings) == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["pager.example", "ftp://pager.example", "https://", "http:///x"])
def test_a_pager_without_an_address_is_refused_at_the_start(url):
    with pytest.raises(ValidationError, match="AFTERGLOW_ALERT_URL must be a URL"):
        Settings(alert_url=url)


@pytest.mark.parametrize("secret", ["whsec_", "whsec_not base64", "s3cr3t!"])
def test_a_key_that_cannot_sign_is_refused_at_the_start(secret):
    with pytest.raises(ValidationError, match="AFTERGLOW_ALERT_SECRET must be") as refused:
        Settings(alert_secret=secret)

    assert "not base64" not in str(refused.value)


def test_what_is_left_empty_is_unset():
    settings = Settings(alert_url="", alert_secret="")

    assert (settings.alert_url, settings.alert_secret) == (None, None)
