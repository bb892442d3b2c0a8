"""Where mails arrive in tests: a real SMTP server on loopback, or the folder of a site without a mail server."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

# The server notes each connection in a thread of its own, now and then when the test and what it prints to have ended.
logging.getLogger("mail.log").setLevel(logging.ERROR)


class Inbox:
    """What the mail server was given, oldest first."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


class _AnyPort(Controller):
    def _trigger_server(self) -> None:
        # The library connects once to see that it serves, and would connect to port 0.
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def smtp_site(settings: Any) -> Iterator[Inbox]:
    """The site as set up with CONSILIUM_EMAIL_URL: mails leave by SMTP, addresses must be confirmed."""
    inbox = Inbox()
    controller = _AnyPort(inbox, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
        settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
        settings.CONFIG = settings.CONFIG.model_copy(update={"email_url": f"smtp://127.0.0.1:{settings.EMAIL_PORT}"})
        yield inbox
    finally:
        controller.stop()


class Folder:
    """Mails as files, oldest first."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def mails(self) -> list[EmailMessage]:
        files = sorted(self.path.glob("*.log"), key=lambda file: file.stat().st_mtime_ns)
        found = [message_from_bytes(file.read_bytes().split(b"\n" + b"-" * 79)[0], policy=policy.default) for file in files]
        return [mail for mail in found if isinstance(mail, EmailMessage)]


@contextmanager
def file_site(settings: Any, path: Path) -> Iterator[Folder]:
    """The site as it comes: mails are files, addresses are confirmed later."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(path)
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"
    yield Folder(path)


def link_in(mail: EmailMessage) -> str:
    """The one link of a mail, as a path of this site."""
    links = re.findall(r"https?://[^/\s]+(\S+)", mail.get_content())
    assert len(links) == 1, mail.get_content()
    return str(links[0])
