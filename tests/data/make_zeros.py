"""Writes zeros.json.gz: 10 MiB of JSON in 10 KiB, for the test that no response is decompressed without request.

    python3 tests/data/make_zeros.py
"""

import gzip
from pathlib import Path

json = b'{"body": "' + b"0" * (10 * 1024 * 1024) + b'"}'
Path(__file__).with_name("zeros.json.gz").write_bytes(gzip.compress(json, 9, mtime=0))
