"""A mail server for tests: takes mail on a free port of the loopback and writes each message into a folder.

Usage: mail_server.py FOLDER [--tls CERTIFICATE KEY] [--implicit] [--user USER PASSWORD] [--refuse ADDRESS]

Prints its port when it listens. Message number N is the file N.json, which appears as a whole:
{"from", "to", "data", "tls", "user"}. With --tls it offers STARTTLS and takes nothing before that, or speaks
TLS from the first byte with --implicit. With --user it takes mail of that user only.
"""

import argparse
import asyncio
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Folder:
    def __init__(self, path, refused):
        self.path = path
        self.refused = refused
        self.count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        message = {"from": envelope.mail_from, "to": envelope.rcpt_tos,
                   "data": envelope.original_content.decode("latin-1"),
                   "tls": session.ssl is not None or server.is_implicit,
                   "user": session.auth_data if session.authenticated else None}
        unfinished = os.path.join(self.path, f"{self.count}.part")
        with open(unfinished, "w", encoding="utf-8") as file:
            json.dump(message, file)
        os.rename(unfinished, os.path.join(self.path, f"{self.count}.json"))
        return "250 taken"


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--tls", nargs=2)
    parser.add_argument("--implicit", action="store_true")
    parser.add_argument("--user", nargs=2)
    parser.add_argument("--refuse", action="append", default=[])
    return parser.parse_args()


async def serve(options):
    context = None
    if options.tls:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*options.tls)
    folder = Folder(options.folder, options.refuse)

    def check(server, session, envelope, mechanism, data):
        known = options.user and [data.login.decode(), data.password.decode()] == options.user
        return AuthResult(success=bool(known), handled=False, auth_data=data.login.decode())

    def connection():
        offers = context if context and not options.implicit else None
        smtp = SMTP(folder, hostname="mail.test", tls_context=offers, require_starttls=bool(offers),
                    authenticator=check if options.user else None, auth_required=bool(options.user),
                    auth_require_tls=bool(offers))
        smtp.is_implicit = options.implicit
        return smtp

    server = await asyncio.get_running_loop().create_server(
        connection, "127.0.0.1", 0, ssl=context if options.implicit else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    # Whoever started it holds its standard input, and may die without a word.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    os._exit(0)


asyncio.run(serve(arguments()))
