import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

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
