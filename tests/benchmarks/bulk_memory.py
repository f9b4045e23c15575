"""How much memory it takes to download and read a large bulk file.

    python -m tests.benchmarks.bulk_memory --megabytes 2000

Makes a PSC snapshot of that size, serves it from another process on this machine, downloads it, and cuts it.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from collectors.bulk.contents import corporate_owner, lines
from collectors.bulk.download import download, fingerprint
from collectors.fetch import open_client

_BLOCK = 1_000_000
_SERVER = """
import http.server, functools, socketserver, sys
serve = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
with socketserver.ThreadingTCPServer(("127.0.0.1", 0), serve) as server:
    print(server.server_address[1], flush=True)
    server.serve_forever()
"""


def block() -> bytes:
    """About a megabyte of lines of a PSC snapshot; one in a hundred names a corporate owner."""
    text, number = bytearray(), 0
    while len(text) < _BLOCK:
        number += 1
        identity = {"registration_number": f"{number:08d}", "country_registered": "England"}
        owner = {"kind": "corporate-entity-person-with-significant-control", "identification": identity}
        person = {"kind": "individual-person-with-significant-control", "name": "x" * 300}
        line = {"company_number": f"{number:08d}", "data": owner if number % 100 == 0 else person}
        text += json.dumps(line, separators=(",", ":")).encode() + b"\n"
    return bytes(text)


def make(path: Path, megabytes: int) -> None:
    """A zip file of that size, its text not packed, so that its size on the line is that size too."""
    piece = block()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as opened:
        member = zipfile.ZipInfo("persons-with-significant-control-snapshot.txt")
        with opened.open(member, "w", force_zip64=True) as text:
            for _ in range(megabytes):
                text.write(piece)


def memory() -> float:
    """The most memory this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--megabytes", type=int, default=2000)
    megabytes = asked.parse_args().megabytes
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "served").mkdir()
        make(folder / "served" / "bulk.zip", megabytes)
        command = [sys.executable, "-c", _SERVER, str(folder / "served")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
            assert server.stdout is not None
            base = f"http://127.0.0.1:{server.stdout.readline().strip()}"
            try:
                before = memory()
                started = time.monotonic()
                with open_client(companies_house_url=base, companies_house_document_url=base, govuk_url=base) as http:
                    path = download(http, f"{base}/bulk.zip", folder / "bulk.zip")
                print(f"downloaded {path.stat().st_size / 1e6:,.0f} MB in {time.monotonic() - started:.0f} s, ", end="")
                print(f"memory {before:.0f} MB before, {memory():.0f} MB at most")
            finally:
                server.terminate()
        started = time.monotonic()
        fingerprint(path)
        read = owners = 0
        for _, _, line in lines(path):
            read += 1
            owners += corporate_owner(line) is not None
        print(f"read {read:,} lines ({owners:,} corporate owners) in {time.monotonic() - started:.0f} s, ", end="")
        print(f"memory {memory():.0f} MB at most")


if __name__ == "__main__":
    main()
