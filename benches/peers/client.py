"""CPU cost of sending a message with twilio-python, against the server of benches/client.rs.

    cargo bench -p clinspark-twilio-benches --features client --bench client -- serve 8089
    pip install twilio
    python3 benches/peers/client.py http://127.0.0.1:8089
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

from twilio.rest import Client

URL = sys.argv[1]
ACCOUNT = "AC00000000000000000000000000000001"
REQUESTS = 1000

client = Client(ACCOUNT, "12345678901234567890123456789012")
client.api.base_url = URL


def send(_):
    message = client.messages.create(
        to="+14155550123",
        from_="+14155550100",
        body="Your visit is tomorrow at nine o'clock. Reply YES to confirm, or STOP.",
    )
    assert message.sid == "SM00000000000000000000000000000001"


for tasks in (1, 16, 64):
    with ThreadPoolExecutor(tasks) as pool:
        list(pool.map(send, range(tasks)))
        cpu, wall = time.process_time(), time.perf_counter()
        list(pool.map(send, range(REQUESTS)))
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(
        f"python {tasks:5} {cpu * 1e6 / REQUESTS:8.1f} us of CPU a request"
        f" {REQUESTS / wall:8.0f} requests a second"
    )
