"""nginx before two Odoo nodes, as docs/nginx.conf has it, on loopback.

The machine's own nginx when it has one, or else Debian's package, unpacked into
.local: nothing is installed, and no service is started.
"""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from .. import settings
from ..console import Trouble, step
from . import apt, lock, ports
from .process import tail

EXAMPLE = settings.ROOT / "docs" / "nginx.conf"
UNPACKED = settings.LOCAL / "nginx"
PROGRAM = UNPACKED / "usr/sbin/nginx"
#: What is around the example: one process in the foreground, no file outside `{home}`.
FRAME = """\
daemon off;
worker_processes 1;
pid {home}/nginx.pid;
error_log {home}/error.log warn;
events {{ worker_connections 256; }}
http {{
    log_format nodes '$status $request_method $uri $upstream_addr';
    access_log {home}/access.log nodes;
    client_body_temp_path {home}/body;
    proxy_temp_path {home}/proxy;
    fastcgi_temp_path {home}/fastcgi;
    uwsgi_temp_path {home}/uwsgi;
    scgi_temp_path {home}/scgi;
    {site}
}}
"""


class Nginx:
    """nginx before two servers, to start before them: they have to know its ports.

    `with Nginx([first, second]) as nginx: urlopen(nginx.url)`, where both are
    addresses like `127.0.0.1:8069`. The job runners of both are to use
    `nginx.job_port`.
    """

    def __init__(self, nodes):
        self.nodes = nodes
        self.port, self.job_port = ports.free(), ports.free()
        self.url = f"http://{ports.LOOPBACK}:{self.port}"
        self._process = self._home = None

    def __enter__(self):
        program = find()
        if not program:
            raise Trouble("There is no nginx.", "sudo apt-get install nginx-light")
        # /tmp: as root, nginx's worker is another user, who may not enter a home.
        self._home = Path(tempfile.mkdtemp(prefix="saas-nginx-"))
        self._home.chmod(0o755)
        configuration = self._home / "nginx.conf"
        site = configure(EXAMPLE.read_text(), self.nodes, self.port, self.job_port)
        configuration.write_text(FRAME.format(home=self._home, site=site))
        command = [program, "-p", self._home, "-c", configuration]
        command += ["-e", self._home / "error.log"]
        checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
        if checked.returncode:
            self._remove()
            raise Trouble(f"nginx does not take {EXAMPLE.name}:\n{checked.stderr}")
        # In a session of its own: a Ctrl-C is ours to handle.
        self._process = subprocess.Popen(command, start_new_session=True)
        return self

    def __exit__(self, *exception):
        self._process.terminate()
        self._process.wait()
        self._remove()

    def count_requests(self):
        """Return how many requests each node has had, in the order of the nodes."""
        log = (self._home / "access.log").read_text()
        return [log.count(f" {node}") for node in self.nodes]

    def read_errors(self):
        """Return the end of nginx's error log, to show where something failed."""
        return tail(self._home / "error.log")

    def _remove(self):
        shutil.rmtree(self._home, ignore_errors=True)


def find():
    """Return the path of an nginx, unpacking Debian's if need be; None if that can't
    be had.
    """
    found = shutil.which("nginx")
    if found:
        return found
    if not PROGRAM.exists():
        try:
            with lock.only_one("setup", "another make that is setting things up"):
                _unpack()
        except Trouble:
            return None
    works = subprocess.run([PROGRAM, "-v"], capture_output=True).returncode == 0
    return str(PROGRAM) if works else None


def configure(example, nodes, port, job_port):
    """Return the example with our addresses: loopback, and no TLS."""
    text = example
    for number, node in enumerate(nodes, 1):
        # Nothing here uses the websocket, so one port will do for it.
        text = re.sub(rf"server odoo-{number}:80\d\d", f"server {node}", text)
    text = text.replace("listen 443 ssl;", f"listen {ports.LOOPBACK}:{port};")
    text = text.replace(
        "listen odoo-internal:8090;", f"listen {ports.LOOPBACK}:{job_port};"
    )
    return re.sub(r"\n *ssl_certificate.*;", "", text)


def _unpack():
    if PROGRAM.exists():
        return
    with step("downloading nginx"):
        folder = apt.fetch(["nginx"])
        new = UNPACKED.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        for package in folder.glob("nginx_*.deb"):
            subprocess.run(["dpkg-deb", "-x", package, new], check=True)
        new.rename(UNPACKED)
        shutil.rmtree(apt.APT)
