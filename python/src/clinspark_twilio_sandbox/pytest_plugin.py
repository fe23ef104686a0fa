"""The fixture `twilio_sandbox` for pytest: a sandbox of its own for each test."""
import pytest

from . import run


@pytest.fixture
def twilio_sandbox():
    """A sandbox on a free port, with one number. The clock is `instant`: no test waits for speech or a delay."""
    with run() as sandbox:
        yield sandbox
