"""Performs one conversation with the sandbox by Twilio's official client for Python, and prints a report as JSON.

usage: python3 suite.py CONVERSATION        # `tests/sandbox/clients/mod.rs` starts it
"""
import faulthandler
import json
import sys

import accounts
import calls
import endpoints
import faults
import instructions
import messages
import numbers_and_applications
import services
import webhooks
from support import App, Stage, client, http

MODULES = [
    accounts,
    calls,
    endpoints,
    faults,
    instructions,
    messages,
    numbers_and_applications,
    services,
    webhooks,
]

# A conversation that waits for ever ends with the stack of each thread.
faulthandler.dump_traceback_later(120, exit=True)
conversation = next(
    getattr(module, sys.argv[1]) for module in MODULES if hasattr(module, sys.argv[1])
)
app = App()
stage = Stage()
result = conversation(client(), stage, app)
stage.play("idle")
report = {
    "result": result,
    "accepted": len(app.requests),
    "rejected": len(app.rejected),
    "operations": sorted(http.operations),
}
print(json.dumps(report))
sys.stdout.flush()
faulthandler.cancel_dump_traceback_later()
