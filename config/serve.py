"""What `make run` does: migrate, load the demonstration team once, serve.

Needs nothing but Python. Background work runs inside the process when no broker is
configured. In production, run the steps apart (docs/operations.md).
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys

# Threads take turns at Python: more of them serve kept pages slower, and with one a long check
# would keep every reader waiting.
THREADS = ("--blocking-threads", "2")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    if not os.environ.get("SECRET_KEY"):
        os.environ.setdefault("BASE_URL", f"http://{host}:{port}")  # links in mails lead here
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    if _answers(host, port):
        # The server shares ports, so a second one would start and take every other request.
        sys.exit(f"Something serves port {port} already. Stop it, or: make run PORT=8001")
    # Beside the migrations: unless they are remembered, proofs of exercises take a while.
    proving = [sys.executable, "manage.py", "exercises", "check"]
    if not _proved():
        subprocess.Popen(proving, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL)  # noqa: S603
    call_command("migrate", verbosity=0)
    call_command("demo")
    # The files of the book take half a minute; the site is there meanwhile and says so.
    making = [sys.executable, "manage.py", "book", "--missing", "--aside"]
    subprocess.Popen(making, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL)  # noqa: S603
    sys.stdout.write(f"\nWarmstart is on http://{host}:{port}/   (Ctrl-C stops it)\n\n")
    sys.stdout.flush()
    # Replaces this process, so that signals reach the server itself.
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        *("--host", host, "--port", port, "--workers", "1", *THREADS),
        *("--log-level", "warning", "--no-access-log"),
        "config.wsgi:application",
    ]
    os.chdir(settings.BASE_DIR)
    os.execv(sys.executable, command)  # noqa: S606 - fixed arguments, no shell


def _proved() -> bool:
    from scenarios import proofs

    return bool(proofs.known())


def _answers(host: str, port: str) -> bool:
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except (OSError, ValueError):
        return False
    return True


if __name__ == "__main__":
    main()
