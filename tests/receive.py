#!/usr/bin/env python3
"""Takes what a demonstration sends, and keeps it to be looked at: receive.py DIRECTORY

Writes DIRECTORY/addresses (the mail server's, then the web-hook's) once both listen; then each mail into a file of its own, 001.eml, and each
message of a web-hook, 002.json, as they came. It ends with whoever started it."""
import os
import sys
import time
from pathlib import Path

from receivers import Hooks, Smtp

LOOK_SECONDS = 0.2


def main():
    directory, number = Path(sys.argv[1]), 0
    directory.mkdir(parents=True, exist_ok=True)
    parent = os.getppid()
    with Smtp() as smtp, Hooks() as hooks:
        whole = directory / "addresses.part"
        whole.write_text("%s\n%s\n" % (smtp.url, hooks.url("/alerts")))
        whole.rename(directory / "addresses")
        mails = messages = 0
        while os.getppid() == parent:
            came = [("eml", m.content) for m in smtp.mails[mails:]]
            mails += len(came)
            told = [("json", m.body) for m in hooks.of("/alerts")[messages:]]
            messages += len(told)
            for ending, body in came + told:
                number += 1
                (directory / ("%03d.%s" % (number, ending))).write_bytes(body)
            time.sleep(LOOK_SECONDS)


main()
