"""What others would use: nginx, which keeps a line in a log, and the Django view of PyPI's pytracking."""

import base64
import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.load import fetches
from benchmarks.pixels import Running, ended
from benchmarks.processes import free_port
from tracker.clock import new_id

Start = Callable[[], contextlib.AbstractContextManager[Running]]

PYTRACKING = ("pytracking[django]==0.2.2", "django>=5.2,<5.3", "gunicorn>=23")
_INSTALLING_SECONDS = 120
_STARTING_SECONDS = 15.0
_NGINX = """
daemon off;
worker_processes 1;
pid $folder/pid;
error_log $folder/error.log;
events { worker_connections 512; }
http {
    log_format whole '$remote_addr [$time_iso8601] "$request" $status "$http_user_agent" "$http_accept_language"';
    access_log $folder/access.log whole;
    keepalive_requests 1000000000;
    client_body_temp_path $folder/body; proxy_temp_path $folder/proxy; fastcgi_temp_path $folder/fastcgi;
    uwsgi_temp_path $folder/uwsgi; scgi_temp_path $folder/scgi;
    server { listen 127.0.0.1:$port; location /o/ { empty_gif; add_header Cache-Control no-store; } }
}
"""
# A row for each event is what its pages tell people to write into this method.
_SITE = """
import django
from django.conf import settings
settings.configure(
    SECRET_KEY="for benchmarks only", ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, USE_TZ=True,
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "$folder/site.sqlite3",
        "CONN_MAX_AGE": None, "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"}}},
    PYTRACKING_CONFIGURATION={"base_open_tracking_url": "http://127.0.0.1/o/"},
)
django.setup()
from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.urls import path
from pytracking.django import OpenTrackingView

class Opening(models.Model):
    at = models.DateTimeField(auto_now_add=True)
    facts = models.JSONField()
    class Meta:
        app_label = "site"

class View(OpenTrackingView):
    def notify_tracking_event(self, result):
        Opening.objects.create(facts={"metadata": result.metadata, **result.request_data})

urlpatterns = [path("o/<str:path>", View.as_view())]
if "Opening".lower() not in str(connection.introspection.table_names()):
    with connection.schema_editor() as editor:
        editor.create_model(Opening)
application = get_wsgi_application()
"""


def nginx() -> Path | None:
    """The server of this machine, if it has one."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    return Path(found) if found else None


def nginx_server(binary: Path) -> Start:
    @contextlib.contextmanager
    def start() -> Iterator[Running]:
        folder = Path(tempfile.mkdtemp(prefix="twotick-nginx-", dir="/tmp"))
        folder.chmod(0o777)  # its worker is another user where we are root
        port = free_port()
        config = folder / "nginx.conf"
        config.write_text(_NGINX.replace("$folder", str(folder)).replace("$port", str(port)))
        command = [str(binary), "-c", str(config), "-p", str(folder), "-e", str(folder / "error.log")]
        try:
            with _running(command, port, "/o/any.gif") as running:
                yield running
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    return start


@contextlib.contextmanager
def installed_pytracking() -> Iterator[Path | str]:
    """A folder in which it is installed, from the package index that pip knows; or why there is none."""
    with tempfile.TemporaryDirectory(prefix="twotick-pytracking-") as folder:
        try:
            subprocess.run([sys.executable, "-m", "venv", folder], check=True, capture_output=True, timeout=60)
            pip = [f"{folder}/bin/pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1"]
            subprocess.run([*pip, *PYTRACKING], check=True, capture_output=True, timeout=_INSTALLING_SECONDS)
        except (OSError, subprocess.SubprocessError):
            yield "pip could not install pytracking, Django and gunicorn from a package index"
            return
        yield Path(folder)


def pytracking_server(venv: Path) -> Start:
    """Its view, writing a row for each opening, in one gunicorn worker with threads."""

    @contextlib.contextmanager
    def start() -> Iterator[Running]:
        port = free_port()
        (venv / "site_of_it.py").write_text(_SITE.replace("$folder", str(venv)))
        workers = ("--workers", "1", "--threads", "8", "--worker-class", "gthread", "--keep-alive", "60")
        command = [f"{venv}/bin/gunicorn", "--bind", f"127.0.0.1:{port}", *workers]
        command += ["--worker-connections", "1000", "--chdir", str(venv), "site_of_it:application"]
        with _running(command, port, f"/o/{_token()}") as running:
            yield running

    return start


def pytracking_paths() -> Iterator[bytes]:
    return fetches(f"/o/{_token()}" for _ in range(2000))


def _token() -> str:
    return base64.urlsafe_b64encode(json.dumps({"metadata": {"copy": new_id()}}).encode()).decode()


@contextlib.contextmanager
def _running(command: list[str], port: int, path: str) -> Iterator[Running]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with ended(process):
        _wait_for(f"http://127.0.0.1:{port}{path}", command[0])
        yield Running(process.pid, port)


def _wait_for(url: str, name: str) -> None:
    end = time.monotonic() + _STARTING_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            if time.monotonic() >= end:
                raise RuntimeError(f"{Path(name).name} does not start") from None
        time.sleep(0.05)
