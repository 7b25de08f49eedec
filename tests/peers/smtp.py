#!/usr/bin/env python3
"""A small mail submission server for the tests and the demo.

It speaks real SMTP on 127.0.0.1, requires STARTTLS (or, with --tls, TLS from the
first byte) and AUTH, keeps what it accepts and fails when the recipient's
address asks for it. Run it with the Python of
`./x setup`:

    smtp.py --folder DIR [--port 0] [--user yakkan] [--password secret] [--tls]

The first line it prints is `listening on 127.0.0.1:PORT`. It ends on SIGTERM
or SIGINT. In DIR it leaves

    ca.pem         the authority that signed its certificate (new at each start)
    000001.eml     an accepted message, byte for byte
    000001.json    its envelope; written last, so that both are whole once it is there

How it treats a recipient depends on the local part up to the first dot:

    defer-2.sato@example.jp    451 at the first 2 attempts, then accepted
    reject.sato@example.jp     550
    drop.sato@example.jp       the connection is cut after the text, without a reply
    anything else              accepted
"""

import argparse
import asyncio
import json
import logging
import os
import signal
import ssl
from collections import Counter
from datetime import datetime, timezone
from pathlib import Path

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

ADDRESS = "127.0.0.1"


def wish(recipient):
    """What the address asks for: its first word, and the number behind a dash."""
    first = recipient.partition("@")[0].partition(".")[0].lower()
    word, _, number = first.partition("-")
    return word, int(number) if number.isdecimal() else 0


class Folder:
    """Keeps accepted messages under rising numbers."""

    def __init__(self, path):
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        taken = [int(f.stem) for f in path.glob("*.eml") if f.stem.isdecimal()]
        self.last = max(taken, default=0)

    def put(self, name, content):
        """Write a file so that nobody ever sees half of it."""
        unfinished = self.path / f".{name}.unfinished"
        unfinished.write_bytes(content)
        os.replace(unfinished, self.path / name)

    def keep(self, message, envelope):
        """Store a message with its envelope; return its number."""
        self.last += 1
        number = f"{self.last:06d}"
        self.put(f"{number}.eml", message)
        text = json.dumps(envelope, ensure_ascii=False, indent=2) + "\n"
        self.put(f"{number}.json", text.encode())
        return number


class Desk:
    """aiosmtpd's handler: decides at RCPT, keeps or cuts after DATA."""

    def __init__(self, folder):
        self.folder = folder
        self.seen = Counter()

    async def handle_RCPT(self, server, session, envelope, address, options):
        word, times = wish(address)
        self.seen[address] += 1
        if word == "reject":
            return "550 5.1.1 No such mailbox"
        if word == "defer" and self.seen[address] <= times:
            return "451 4.7.1 Come back later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Recipient taken"

    async def handle_DATA(self, server, session, envelope):
        if any(wish(address)[0] == "drop" for address in envelope.rcpt_tos):
            server.transport.abort()
            return "421 4.3.2 never reaches the client: the connection is gone"
        number = self.folder.keep(
            bytes(envelope.original_content),
            {
                "from": envelope.mail_from,
                "to": envelope.rcpt_tos,
                "user": session.auth_data,
                "at": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
            },
        )
        return f"250 2.0.0 Kept as {number}"


def doorkeeper(user, password):
    """An aiosmtpd authenticator that knows one user."""

    def check(server, session, envelope, mechanism, given):
        known = LoginPassword(user.encode(), password.encode())
        if given == known:
            return AuthResult(success=True, auth_data=user)
        # "Not handled" makes aiosmtpd itself answer 535.
        return AuthResult(success=False, handled=False)

    return check


def certificate(folder):
    """Make an authority and a server certificate; publish the authority."""
    authority = trustme.CA()
    folder.put("ca.pem", authority.cert_pem.bytes())
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(ADDRESS, "localhost").configure_cert(context)
    return context


async def serve(options):
    """Listen until a signal says to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)

    folder = Folder(options.folder)
    desk = Desk(folder)
    tls = certificate(folder)
    check = doorkeeper(options.user, options.password)

    def session():
        return SMTP(
            desk,
            hostname="localhost",
            ident="Yakkan test peer",
            enable_SMTPUTF8=True,
            # aiosmtpd knows TLS only by STARTTLS; around all of it, asyncio sees to it.
            tls_context=None if options.tls else tls,
            require_starttls=not options.tls,
            authenticator=check,
            auth_required=True,
            auth_require_tls=not options.tls,
        )

    listener = await loop.create_server(
        session, ADDRESS, options.port, ssl=tls if options.tls else None
    )
    port = listener.sockets[0].getsockname()[1]
    print(f"listening on {ADDRESS}:{port}", flush=True)
    await stop.wait()
    listener.close()


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--user", default="yakkan")
    parser.add_argument("--password", default="secret")
    parser.add_argument("--tls", action="store_true")
    # aiosmtpd logs a warning about itself at each login; only faults matter here.
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
