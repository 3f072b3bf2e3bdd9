"""A strict HTTP client on a raw socket, and the server under test."""
import re
import socket
import subprocess


class Answer:
    def __init__(self, status, headers, body, interim):
        self.status, self.headers, self.body, self.interim = status, headers, body, interim


class Client:
    def __init__(self, address, receive_bytes=None):
        family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        if receive_bytes:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        self.socket.settimeout(8)
        self.socket.connect(address)
        self.file = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.file.close()
        self.socket.close()

    def send(self, data):
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass  # what counts is what was answered

    def line(self):
        line = self.file.readline()
        if not line.endswith(b"\r\n"):
            raise EOFError("ended within %r" % line[:60])
        return line[:-2]

    def head(self):
        lines = []
        while not lines or lines[-1]:
            lines.append(self.line().decode("latin-1"))
        return lines[:-1]

    def take(self, count):
        part = self.file.read(count)
        if len(part) < count:
            raise EOFError("ended within a body")
        return part

    def answer(self, is_head=False):
        interim = 0
        while True:
            lines = self.head()
            status = int(re.fullmatch(r"HTTP/1\.1 (\d{3}) [A-Za-z -]+", lines[0]).group(1))
            if status != 100:
                break
            interim += 1
        headers = {}
        for line in lines[1:]:
            name, value = re.fullmatch(r"([A-Za-z-]+): (.+)", line).groups()
            assert name.lower() not in headers, "repeated " + name
            headers[name.lower()] = value
        assert re.fullmatch(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT", headers["date"])
        return Answer(status, headers, self.body(status, headers, is_head), interim)

    def body(self, status, headers, is_head):
        if is_head or status in (204, 304):
            assert status != 204 or "content-length" not in headers
            return b""
        if headers.get("transfer-encoding") == "chunked":
            parts = []
            while True:
                count = int(self.line(), 16)
                parts.append(self.take(count))
                assert self.line() == b""
                if count == 0:
                    return b"".join(parts)
        if "content-length" in headers:
            return self.take(int(headers["content-length"]))
        assert headers.get("connection") == "close"
        return self.file.read()

    def ended(self):
        """An orderly end: a reset would raise, silence would time out."""
        return self.file.read(1) == b""


class Server:
    def __init__(self, program, *limits, where="127.0.0.1:0"):
        self.process = subprocess.Popen([program, where, *limits], stdout=subprocess.PIPE, text=True)
        port = int(self.process.stdout.readline())
        self.address = where[5:] if where.startswith("unix:") else ("127.0.0.1", port)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(10)

    def ask(self, data):
        with Client(self.address) as client:
            client.send(data)
            return client.answer()
