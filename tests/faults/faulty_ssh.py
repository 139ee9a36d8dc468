"""What git starts instead of ssh: it runs the remote's git here, and does to it what a test has written into a file."""

import os
import subprocess
import sys
import time
from pathlib import Path


def main():
    told, command = Path(os.environ["FAULTY_SSH"]), sys.argv[-1]
    mode = told.read_text("utf-8").strip()
    is_push = "receive-pack" in command
    if mode == "down" or (mode == "down after" and not is_push):
        sys.stderr.write("ssh: connect to host reef.example.org port 22: Connection refused\n")
        sys.exit(255)
    if mode == "hang" or (mode == "hang push" and is_push):
        time.sleep(3600)
    if mode == "race" and is_push:
        told.write_text("", "utf-8")
        subprocess.run(["git", "push", "--quiet", "origin", "main"], cwd=told.with_name("colleague"), check=True)
    if mode in ("lost", "lost and down") and is_push:
        told.write_text("down" if mode == "lost and down" else "", "utf-8")
        lose(command)
    elif mode == "drip":
        drip(command)
    else:
        sys.exit(subprocess.run(["sh", "-c", command], check=False).returncode)


def lose(command):
    """What the remote offers is carried over, what is pushed too; what it answers to that is not."""
    with subprocess.Popen(["sh", "-c", command], stdout=subprocess.PIPE) as process:
        while True:
            length = process.stdout.read(4)
            size = int(length, 16)
            os.write(1, length + (process.stdout.read(size - 4) if size else b""))
            if size == 0:
                break
        process.stdout.read()
    sys.exit(255)


def drip(command):
    done = subprocess.run(["sh", "-c", command], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False)
    for byte in done.stdout:
        os.write(1, bytes([byte]))
        time.sleep(0.05)


if __name__ == "__main__":
    main()
