"""What a machine can't do is not collected: only root may mount, and not in every container."""

import os
import subprocess
import tempfile


def mounts() -> bool:
    """Whether a small disk can be made here."""
    if os.geteuid() != 0:
        return False
    with tempfile.TemporaryDirectory(prefix="afterglow-test-") as folder:
        mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]
        if subprocess.run(mount, capture_output=True, check=False).returncode:
            return False
        subprocess.run(["umount", "--lazy", folder], check=True)
    return True


collect_ignore = [] if mounts() else ["test_full_disk.py"]
