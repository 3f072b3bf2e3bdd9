#!/usr/bin/env python3
"""Conformance cases of the HTTP server, on raw sockets: http_cases.py PATH-OF-HTTP_ECHO

A row of http_rows.py: name, bytes sent, statuses expected in order, fate of the connection.
Fate: "keep" (one more request is then answered on it), "close" (the server ends it, after the answers, by an orderly
end of stream and not by a reset).
"""
import json
import os
import re
import select
import socket
import subprocess
import sys
import tempfile
import time

from http_client import Client, Server
from http_rows import CASES, LATER, PROBE, chunked, get, post, sized


def heads_in(data):
    """For each expected answer, whether it answers HEAD (the cases send no HEAD within bodies)."""
    return [m == b"HEAD" for m in re.findall(rb"(?m)^([A-Za-z]+) [^ \r\n]+ HTTP/\d", data)]


def check_answers(client, data, statuses, fate):
    heads = heads_in(data)
    for i, status in enumerate(statuses):
        answer = client.answer(is_head=i < len(heads) and heads[i])
        assert answer.status == status, "status %d instead of %d" % (answer.status, status)
        last = i == len(statuses) - 1
        closes = answer.headers.get("connection") == "close"
        assert closes == (last and fate == "close"), "Connection: %s" % answer.headers.get("connection")
        if status >= 400:
            assert answer.headers["content-type"] == "application/problem+json"
            problem = json.loads(answer.body)
            assert problem["status"] == status and problem["title"] and problem["code"]
    if fate == "keep":
        client.send(PROBE)
        answer = client.answer()
        assert answer.status == 200 and answer.body.startswith(b"GET /probe ?"), "probe: %r" % answer.body[:60]
    else:
        assert client.ended(), "more than was expected"


def run_case(server, data, statuses, fate, pieces=None):
    with Client(server.address) as client:
        if pieces is None:
            client.send(data)
        else:
            client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for at in range(0, len(data), pieces):
                client.send(data[at:at + pieces])
        check_answers(client, data, statuses, fate)


# ---- cases that need more than bytes in and statuses out; each takes the program to start ----

def content_is_echoed(program):
    with Server(program) as server:
        answer = server.ask(sized(b"hel\x00lo", b"A: b\r\n"))
        assert answer.body == b"POST /p ? 1.1 3 6\nhel\x00lo", answer.body
        answer = server.ask(chunked(b"2\r\nhe\r\n3;x\r\nllo\r\n0\r\n\r\n"))
        assert answer.body == b"POST /p ? 1.1 2 5\nhello", answer.body
        answer = server.ask(post(b"Content-Length: 3000000\r\n", bytes(range(256)) * 11718 + b"y" * 192, b"/large"))
        assert answer.body.endswith(b"y" * 192) and len(answer.body) > 3000000


def head_has_the_length_of_get(program):
    with Server(program) as server, Client(server.address) as client:
        client.send(get(b"/bytes/1234", method=b"HEAD") + get(b"/bytes/10"))
        assert client.answer(is_head=True).headers["content-length"] == "1234"
        assert client.answer().body == b"x" * 10


def segments_and_parameters_are_decoded(program):
    long = b"a" * 31
    rows = [
        (b"/decode/a%20b+c?value=a+b%2B", b"3 [a b+c] 4 [a b+]"), (b"/decode/?value=", b"0 [] 0 []"),
        (b"/decode/%C3%A9?other=1", b"2 [\xc3\xa9] -1 []"), (b"/decode/a?value=1&value=2", b"1 [a] -3 []"),
        (b"/decode/a?v%61lue=7&x", b"1 [a] 1 [7]"), (b"/decode/a?&&value&", b"1 [a] 0 []"),
        (b"/decode/" + long, b"31 [" + long + b"] -1 []"), (b"/decode/a" + long, b"-2 [] -1 []"),
        (b"/decode/a?values=1&valu=2", b"1 [a] -1 []"), (b"/decode/a?value=1=2", b"1 [a] 3 [1=2]"),
    ]
    with Server(program) as server:
        for path, expected in rows:
            body = server.ask(get(path)).body
            wanted = expected if not expected.startswith(b"3 [a b+c]") else b"5 [a b+c] 4 [a b+]"
            assert body == wanted + b"\n", (path, body)


def late_answers_keep_their_order(program):
    with Server(program) as server, Client(server.address) as client:
        delays = [120, 10, 60, 0, 90, 30]
        client.send(b"".join(get(b"/later/%d/%d" % (ms, i)) for i, ms in enumerate(delays)))
        for i, ms in enumerate(delays):
            assert client.answer().body.startswith(b"GET /later/%d/%d " % (ms, i))


def continue_is_sent_when_the_body_is_awaited(program):
    for extra, body in ((b"Content-Length: 5\r\n", b"hello"), (b"Transfer-Encoding: chunked\r\n", b"5\r\nhello\r\n0\r\n\r\n")):
        with Server(program) as server, Client(server.address) as client:
            client.send(post(b"Expect: 100-Continue\r\n" + extra))
            assert client.head() == ["HTTP/1.1 100 Continue"]
            client.send(body)
            answer = client.answer()
            assert answer.interim == 0 and answer.body.endswith(b"\nhello")


def continue_waits_for_its_turn(program):
    with Server(program) as server, Client(server.address) as client:
        client.send(LATER + post(b"Expect: 100-continue\r\nContent-Length: 2\r\n"))
        assert client.answer().body.startswith(b"GET /later/")
        assert client.head() == ["HTTP/1.1 100 Continue"]
        client.send(b"ab")
        assert client.answer().body.endswith(b"\nab")


def half_closed_clients_are_answered(program):
    with Server(program) as server, Client(server.address) as client:
        client.send(get(b"/later/200/a") + get(b"/later/50/b") + get() + get(b"/lines/3"))
        client.socket.shutdown(socket.SHUT_WR)
        assert [client.answer().status for _ in range(4)] == [200] * 4 and client.ended()
        with Client(server.address) as other:
            other.send(b"GET / HT")
            other.socket.shutdown(socket.SHUT_WR)
            assert other.ended()


def refusals_are_seen_by_those_who_still_send(program):
    with Server(program) as server:
        for _ in range(10):
            with Client(server.address) as client:
                client.send(post(b"Content-Length: 2000000\r\n", b"x" * 150000))
                assert client.answer().status == 413 and client.ended()


def slow_heads_are_cut(program):
    with Server(program, "request_ms=1000") as server, Client(server.address) as client:
        start = time.monotonic()
        client.send(b"GET / HTTP/1.1\r\n")
        answer = client.answer()
        assert answer.status == 408 and client.ended() and 0.9 < time.monotonic() - start < 4


def slow_bodies_are_cut_after_earlier_answers(program):
    with Server(program, "request_ms=1000") as server, Client(server.address) as client:
        client.send(get(b"/later/2500/a") + post(b"Content-Length: 5\r\n", b"he"))
        assert client.answer().status == 200
        assert client.answer().status == 408 and client.ended()


def idle_connections_are_closed(program):
    with Server(program, "idle_ms=1000") as server, Client(server.address) as client, Client(server.address) as mute:
        client.send(get())
        assert client.answer().status == 200 and client.ended() and mute.ended()


def handlers_may_take_longer_than_idle(program):
    with Server(program, "idle_ms=1000", "request_ms=1000") as server:
        assert server.ask(get(b"/later/2600/a")).status == 200


def connections_are_limited(program):
    with Server(program, "connections_max=3") as server:
        clients = [Client(server.address) for _ in range(5)]
        for client in clients:
            client.send(get())
        assert [client.answer().status for client in clients[:3]] == [200] * 3
        assert not select.select([clients[3].socket], [], [], 0.3)[0], "a fourth connection was served"
        clients[0].close()
        clients[1].close()
        assert [client.answer().status for client in clients[3:]] == [200] * 2
        for client in clients:
            client.close()


def cpu_seconds(pid):
    with open("/proc/%d/stat" % pid) as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def lack_of_descriptors_does_not_spin(program):
    import resource
    with Server(program) as server:
        used = len(os.listdir("/proc/%d/fd" % server.process.pid))
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (used + 2, used + 2))
        clients = [Client(server.address) for _ in range(4)]
        for client in clients:
            client.send(get())
        assert [client.answer().status for client in clients[:2]] == [200] * 2
        before = cpu_seconds(server.process.pid)
        time.sleep(1)
        assert cpu_seconds(server.process.pid) - before < 0.3, "spinning"
        clients[0].close()
        clients[1].close()
        assert [client.answer().status for client in clients[2:]] == [200] * 2
        for client in clients:
            client.close()


def streams_pause_for_slow_readers(program):
    with Server(program, "answer_bytes_max=65536") as server:
        with Client(server.address, receive_bytes=4096) as client:
            client.send(get(b"/lines/400000"))
            time.sleep(0.5)
            with open("/proc/%d/statm" % server.process.pid) as statm:
                before = int(statm.read().split()[1])
            assert server.ask(get()).status == 200
            body = client.answer().body
            assert body.count(b"\n") == 400000 and body.endswith(b"line 399999\n")
            with open("/proc/%d/statm" % server.process.pid) as statm:
                assert int(statm.read().split()[1]) - before < 2000, "the stream was piled up"


def file_of(count):
    return b"head\n" + b"".join(bytes([97 + i % 26]) * 4096 for i in range(count // 4096 + 1))[:count]


def descriptors(server):
    return len(os.listdir("/proc/%d/fd" % server.process.pid))


def files_are_sent_whole(program):
    """Whatever their size, asked for again and again on one connection, behind each other, by HEAD, by HTTP/1.0."""
    with Server(program, "answer_bytes_max=65536") as server, Client(server.address, receive_bytes=4096) as client:
        client.send(get())
        client.answer()
        before = descriptors(server)
        for count in (0, 1, 4096, 65536, 3000001):
            client.send(get(b"/file/%d" % count))
            answer = client.answer()
            assert answer.headers["content-length"] == str(count + 5) and answer.body == file_of(count), count
        client.send(get(b"/later/200/a") + get(b"/file/300000") + get(b"/file/7"))
        assert client.answer().status == 200 and client.answer().body == file_of(300000) and client.answer().body == file_of(7)
        client.send(get(b"/file/300000").replace(b"GET", b"HEAD") + get())
        assert client.answer(is_head=True).headers["content-length"] == "300005" and client.answer().status == 200
        client.send(b"GET /file/70000 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        answer = client.answer()
        assert answer.body == file_of(70000) and answer.headers["connection"] == "keep-alive" and "transfer-encoding" not in answer.headers
        assert descriptors(server) == before, "files stay open"


def resident_pages(server):
    with open("/proc/%d/statm" % server.process.pid) as statm:
        return int(statm.read().split()[1])


def files_are_read_as_the_client_reads(program):
    with Server(program, "answer_bytes_max=65536") as server, Client(server.address, receive_bytes=4096) as client:
        client.send(get(b"/file/1"))
        client.answer()
        before = resident_pages(server)
        client.send(get(b"/file/40000000"))
        client.head()
        time.sleep(0.3)
        assert resident_pages(server) - before < 2000, "the file was piled up"
        assert server.ask(get()).status == 200
        assert client.take(40000005)[-5:] == file_of(40000000)[-5:]


def files_of_those_who_left_are_closed(program):
    with Server(program, "answer_bytes_max=65536") as server:
        before = descriptors(server)
        for _ in range(10):
            with Client(server.address, receive_bytes=4096) as client:
                client.send(get(b"/file/5000000"))
                client.head()
        deadline = time.monotonic() + 5
        while descriptors(server) > before:
            assert time.monotonic() < deadline, "files stay open"
            time.sleep(0.05)


def a_file_that_ends_early_is_no_whole_answer(program):
    with Server(program) as server, Client(server.address) as client:
        client.send(get(b"/short/300000") + get())
        try:
            client.answer()
            raise AssertionError("taken for a whole answer")
        except (EOFError, ConnectionResetError):
            pass
        assert server.ask(get()).status == 200


def stalled_readers_are_dropped(program):
    with Server(program, "answer_bytes_max=65536", "stall_ms=1000") as server:
        with Client(server.address, receive_bytes=4096) as client:
            client.send(get(b"/lines/4000000"))
            deadline = time.monotonic() + 6
            while server.ask(get(b"/gone")).body != b"1\n":
                assert time.monotonic() < deadline, "still there"
                time.sleep(0.2)


def streams_learn_that_the_client_left(program):
    with Server(program) as server:
        with Client(server.address) as client:
            client.send(get(b"/ticks"))
            client.head()
            assert client.line() == b"5" and client.take(5) == b"tick\n"
        deadline = time.monotonic() + 3
        while server.ask(get(b"/gone")).body != b"1\n":
            assert time.monotonic() < deadline, "still there"
            time.sleep(0.05)


def one_fast_stream_leaves_others_served(program):
    with Server(program, "answer_bytes_max=65536") as server, Client(server.address) as client:
        client.send(get(b"/lines/3000000"))
        client.head()
        slowest = 0
        for _ in range(20):
            for _ in range(40):
                client.file.read1(65536)
            start = time.monotonic()
            server.ask(get())
            slowest = max(slowest, time.monotonic() - start)
        assert slowest < 1, slowest


def answers_to_those_who_left_are_dropped(program):
    with Server(program) as server:
        for _ in range(20):
            with Client(server.address) as client:
                client.send(get(b"/later/100/a") * 3 + get(b"/bytes/100000"))
                client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        time.sleep(0.3)
        assert server.ask(get()).status == 200


def draining_finishes_what_has_begun(program):
    with Server(program) as server:
        with Client(server.address) as late, Client(server.address) as idle, Client(server.address) as half:
            idle.send(get())
            assert idle.answer().status == 200
            half.send(post(b"Content-Length: 5\r\n", b"he"))
            late.send(get(b"/later/600/a") * 2)
            time.sleep(0.1)
            answer = server.ask(get(b"/drain"))
            assert answer.status == 200
            assert idle.ended()
            try:
                Client(server.address)
                raise AssertionError("still accepting")
            except ConnectionRefusedError:
                pass
            half.send(b"llo")
            answer = half.answer()
            assert answer.body.endswith(b"\nhello") and answer.headers["connection"] == "close" and half.ended()
            assert "connection" not in late.answer().headers
            assert late.answer().headers["connection"] == "close" and late.ended()
        assert server.process.wait(8) == 0


def unix_sockets_are_kept_apart(program):
    with tempfile.TemporaryDirectory() as folder:
        path = folder + "/socket"
        with Server(program, where="unix:" + path) as server:
            assert server.ask(get()).status == 200
            assert os.stat(path).st_mode & 0o777 == 0o600
            second = subprocess.run([program, "unix:" + path], stderr=subprocess.PIPE, text=True, timeout=5)
            assert second.returncode == 1 and "in use" in second.stderr
            assert server.ask(get()).status == 200
        assert os.path.exists(path)  # killed: left behind
        with Server(program, where="unix:" + path) as server:
            assert server.ask(get(b"/drain")).status == 200
            assert server.process.wait(8) == 0 and not os.path.exists(path)
        open(path, "w").close()
        second = subprocess.run([program, "unix:" + path], stderr=subprocess.PIPE, text=True, timeout=5)
        assert second.returncode == 1 and os.path.exists(path)


def bad_addresses_are_refused(program):
    with Server(program) as server:
        for where in ("localhost:1", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000", "::1:80", "unix:"):
            run = subprocess.run([program, where], stderr=subprocess.PIPE, text=True, timeout=5)
            assert run.returncode == 1 and "Invalid" in run.stderr, (where, run.stderr)
        run = subprocess.run([program, "127.0.0.1:%d" % server.address[1]], stderr=subprocess.PIPE, text=True, timeout=5)
        assert run.returncode == 1 and "in use" in run.stderr


SCENES = [value for name, value in list(globals().items())
          if callable(value) and getattr(value, "__code__", None) and value.__code__.co_varnames[:1] == ("program",)]


def main():
    program = sys.argv[1]
    passed, failed = 0, []
    trace = "--trace" in sys.argv

    def attempt(name, function, *arguments):
        nonlocal passed
        start = time.monotonic()
        try:
            function(*arguments)
            passed += 1
        except Exception as problem:  # whatever went wrong, the other cases still run
            failed.append(name)
            print("FAILED %s: %s %s" % (name, type(problem).__name__, problem))
        if trace:
            print("%7.3f s %s" % (time.monotonic() - start, name))

    with Server(program) as server:
        for name, data, statuses, fate in CASES:
            attempt(name, run_case, server, data, statuses, fate)
            # Dribbled too, in pieces that end everywhere; a refusal may come before all is sent, which is as good.
            if len(data) < 400:
                attempt(name + ", byte by byte", run_case, server, data, statuses, fate, 1)
            if 50 < len(data) < 2000:
                attempt(name + ", in sevens", run_case, server, data, statuses, fate, 7)
        if server.process.poll() is not None:
            failed.append("the server survives")
    for scene in SCENES:
        attempt(scene.__name__.replace("_", " "), scene, program)
    print("%d passed, %d failed" % (passed, len(failed)))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
