"""The pages of `src/guide/sandbox` and the snippets of the page at `/` that need nothing but what is installed here, executed as
they stand but for the ports."""
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from clinspark_twilio_sandbox import run

SOURCES = Path(__file__).parents[2] / "src"
PAGES = SOURCES / "guide/sandbox"
PERSON = "+14155550123"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment():
    return {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}


def finish(command):
    """Runs a program to its end, and returns what it printed."""
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, env=environment()
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def execute(page, fence, command, ending, folder, port):
    """Runs all code of a page on a new sandbox. Lines that start the program itself are left out."""
    blocks = re.findall(rf"^```{fence}\n(.*?)^```$", (PAGES / page).read_text(), re.DOTALL | re.MULTILINE)
    code = "\n".join(block for block in blocks if not block.startswith("clinspark-twilio sandbox"))
    urls = ["--sms-url", f"http://localhost:{port}/sms", "--voice-url", f"http://localhost:{port}/voice"]
    with run(*urls) as sandbox:
        code = code.replace("http://127.0.0.1:4600", sandbox.base_url).replace("8080", str(port))
        script = folder / f"page{ending}"
        script.write_text(code)
        return finish([*command, script])


def test_python(tmp_path):
    execute("python.md", "python", [sys.executable, "-B"], ".py", tmp_path, free_port())


WITHOUT_NODE = pytest.mark.skipif(
    "TWILIO_NODE_DIR" not in os.environ, reason="TWILIO_NODE_DIR names no folder with the package twilio"
)


@WITHOUT_NODE
def test_node(tmp_path):
    (tmp_path / "node_modules").symlink_to(Path(os.environ["TWILIO_NODE_DIR"], "node_modules").absolute())
    execute("node.md", "js", ["node"], ".mjs", tmp_path, free_port())


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is missing")
def test_curl(tmp_path):
    received = []

    class App(BaseHTTPRequestHandler):
        def do_POST(self):
            received.append((self.path, self.rfile.read(int(self.headers["Content-Length"])).decode()))
            verb = "<Message>Thank you.</Message>" if self.path == "/sms" else "<Say>Good.</Say>"
            self.send_response(200)
            self.send_header("Content-Type", "text/xml")
            self.end_headers()
            self.wfile.write(f"<Response>{verb}</Response>".encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), App)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    out = execute("curl.md", "sh", ["bash", "-euo", "pipefail"], ".sh", tmp_path, server.server_port)
    server.shutdown()
    for part in ["Your code is 1234.", "Thank you.", "Press one.", "Good."]:
        assert part in out, out
    assert [path for path, _ in received] == ["/sms", "/key"]
    assert "Digits=1" in received[-1][1]


def snippets(language, sandbox, folder, port):
    """Returns the code that the page shows for a language, by what it does."""
    module = folder / "languages.mjs"
    module.write_text((SOURCES / "sandbox/page/js/languages.js").read_text())
    facts = {"base": sandbox.base_url, "sid": sandbox.account_sid, "token": sandbox.auth_token, "from": sandbox.number}
    script = """
        const [module, language, facts] = process.argv.slice(1);
        const { LANGUAGES } = await import(module);
        const code = (lines) => lines(JSON.parse(facts)).map((line) => line.replace(/^>/, "")).join("\\n");
        const kinds = Object.entries(LANGUAGES[language]).filter(([, value]) => typeof value === "function");
        console.log(JSON.stringify(Object.fromEntries(kinds.map(([kind, lines]) => [kind, code(lines)]))));
    """
    arguments = [module.as_uri(), language, json.dumps(facts)]
    shown = json.loads(finish(["node", "--input-type=module", "--eval", script, *arguments]))
    return {kind: code.replace("8080", str(port)) for kind, code in shown.items()}


def wait_for(app, what, holds):
    """Waits until something holds, while an app runs."""
    for _ in range(200):
        assert app.poll() is None, app.communicate()
        if holds():
            return
        time.sleep(0.05)
    app.kill()
    raise AssertionError(f"the app {what} not after 10 seconds: {app.communicate()}")


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.skipif(shutil.which("node") is None, reason="node, which reads the snippets, is missing")
@pytest.mark.parametrize(
    "language,command,ending",
    [("Python", [sys.executable, "-B"], ".py"), pytest.param("Node", ["node"], ".cjs", marks=WITHOUT_NODE)],
)
def test_snippets(twilio_sandbox, tmp_path, language, command, ending):
    if language == "Node":
        (tmp_path / "node_modules").symlink_to(Path(os.environ["TWILIO_NODE_DIR"], "node_modules").absolute())
    port = free_port()
    code = snippets(language, twilio_sandbox, tmp_path, port)
    scripts = {kind: tmp_path / f"{kind}{ending}" for kind in code}
    for kind, script in scripts.items():
        script.write_text(code[kind])
    control = twilio_sandbox.control

    finish([*command, scripts["text"]])
    assert control("GET", f"/phones/{PERSON}/messages/latest?wait=5")["body"] == "Hello"
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen([*command, scripts["answer"]], env=environment(), **pipes) as app:
        try:
            wait_for(app, "listens", lambda: listens(port))
            # The app of Node registers its URLs while it listens already.
            urls = lambda: [url for number in control("GET", "/numbers") for url in number["voice"]["candidates"]]
            wait_for(app, "registers", lambda: any(url["wins"] for url in urls()))
            text = {"to": twilio_sandbox.number, "body": "YES"}
            exchange = control("POST", f"/phones/{PERSON}/messages?wait=5", text)
            assert [reply["body"] for reply in exchange["replies"]] == ["Thank you for YES."]
            control("PATCH", f"/phones/{PERSON}", {"answer": "ring"})
            finish([*command, scripts["call"]])
            call = control("POST", f"/phones/{PERSON}/answer?wait=5")
            heard = control("POST", f"/calls/{call['sid']}/keys?wait=5", {"keys": "1"})
            contents = [entry["content"] for entry in heard["transcript"]]
            # The key may come before the end of the question.
            assert sorted(contents[:-1]) == ["1", "Press one."]
            assert contents[-1] == "You pressed 1."
        finally:
            app.terminate()


# What a string of a language or a shell would replace or end.
ODD_TOKEN = "it's-\\n-\"#{1+1}${HOME}$HOME`id`%s;&|*?!~{a,b}"


@pytest.mark.skipif(shutil.which("node") is None, reason="node, which reads the snippets, is missing")
@pytest.mark.parametrize(
    "language,command,ending",
    [
        ("Python", [sys.executable, "-B"], ".py"),
        pytest.param("Node", ["node"], ".cjs", marks=WITHOUT_NODE),
        ("curl", ["bash", "-euo", "pipefail"], ".sh"),
    ],
)
def test_snippets_quote_the_token(tmp_path, language, command, ending):
    if language == "Node":
        (tmp_path / "node_modules").symlink_to(Path(os.environ["TWILIO_NODE_DIR"], "node_modules").absolute())
    with run("--auth-token", ODD_TOKEN) as sandbox:
        assert sandbox.auth_token == ODD_TOKEN
        code = snippets(language, sandbox, tmp_path, free_port())
        script = tmp_path / f"text{ending}"
        script.write_text(code["text"])
        finish([*command, script])
        assert sandbox.control("GET", f"/phones/{PERSON}/messages/latest?wait=5")["body"] == "Hello"


@pytest.mark.skipif(shutil.which("node") is None, reason="node, which reads the snippets, is missing")
@pytest.mark.parametrize("language", ["Ruby", "PHP"])
def test_snippets_quote_the_token_in_single_quotes(tmp_path, language):
    """The clients of these languages are not installed here, so their strings are compared."""
    with run("--auth-token", ODD_TOKEN) as sandbox:
        code = snippets(language, sandbox, tmp_path, free_port())["text"]
    assert r"""'it\'s-\\n-"#{1+1}${HOME}$HOME`id`%s;&|*?!~{a,b}'""" in code


def test_python_snippets_reach_the_product_messaging(twilio_sandbox, tmp_path):
    if shutil.which("node") is None:
        pytest.skip("node, which reads the snippets, is missing")
    code = snippets("Python", twilio_sandbox, tmp_path, free_port())
    script = tmp_path / "services.py"
    script.write_text(code["text"] + "\nprint(client.messaging.v1.services.create(friendly_name='Clinic').sid)\n")
    assert finish([sys.executable, "-B", script]).startswith("MG")
