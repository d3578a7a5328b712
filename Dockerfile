# Afterglow in a container: docker build -t afterglow . && docker run -v afterglow:/data afterglow
#
# It listens on the container's loopback until a proxy in front ends TLS. Then say so, and publish
# the port to that proxy alone:
#   -e AFTERGLOW_HOST=0.0.0.0 -e AFTERGLOW_TLS_IN_FRONT=true -e AFTERGLOW_PROXIES=<its address>
#
# /data holds the embedded PostgreSQL and the secrets that Afterglow makes for itself. Nothing else
# is written, so the root file system may be read-only: --read-only --tmpfs /tmp
# It needs no capability and gains none: --cap-drop ALL --security-opt no-new-privileges

FROM python:3.13-slim-trixie AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /opt/afterglow \
    && /opt/afterglow/bin/pip install --require-hashes --only-binary=:all: -r requirements.lock
COPY pyproject.toml README.md LICENSE alembic.ini ./
COPY app app
COPY migrations migrations
# The build backend is in the lock, and of no use any more once the package is installed.
RUN /opt/afterglow/bin/pip install --no-deps --no-build-isolation . \
    && /opt/afterglow/bin/pip uninstall --yes hatchling editables pip

FROM python:3.13-slim-trixie
ENV PATH=/opt/afterglow/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    AFTERGLOW_DATA_DIR=/data
# A shell stays, as PostgreSQL's initdb runs programs by one. What installs other software does not.
RUN python -m pip uninstall --yes --root-user-action=ignore pip \
    && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin afterglow \
    && install -d -o afterglow -g afterglow -m 0700 /data
COPY --from=build /opt/afterglow /opt/afterglow
USER afterglow
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["python", "-c", \
    "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ.get('AFTERGLOW_PORT', '8000')}/healthz\", timeout=4)"]
CMD ["afterglow", "serve"]
