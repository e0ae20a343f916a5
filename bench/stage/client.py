"""Many requests at once, from processes of their own, written so that the server and
not the client is what limits them.

A request is bytes made beforehand; a process does nothing but send and wait. Odoo's
workers close a connection after each answer, so each request has its own, whatever is
asked of the server.
"""

import multiprocessing
import socket
import time

from stripe import WebhookSignature

from dev.console import Trouble
from dev.machine.ports import LOOPBACK

#: So many more clients than workers that none of these waits for a request.
CLIENTS_PER_WORKER = 2
TIMEOUT = 30


def make_get(path):
    """Return the bytes of a GET request."""
    return f"GET {path} HTTP/1.1\r\nHost: {LOOPBACK}\r\n\r\n".encode()


def make_webhook(event, source):
    """Return the bytes of an event's request, signed now: they are good for as long
    as the source's time window.
    """
    signature = WebhookSignature.generate_signature_header(
        event.body.decode(), source["secret"]
    )
    head = (
        f"POST /saas/webhook/{source['token']} HTTP/1.1\r\n"
        f"Host: {LOOPBACK}\r\n"
        "Content-Type: application/json; charset=utf-8\r\n"
        f"Content-Length: {len(event.body)}\r\n"
        f"Stripe-Signature: {signature}\r\n\r\n"
    )
    return head.encode() + event.body


def send(port, request):
    """Send one request on a connection of its own; return the status code."""
    with socket.create_connection((LOOPBACK, port), TIMEOUT) as link:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        link.sendall(request)
        answer = link.recv(65536)
        status = int(answer[9:12])
        # The server closes when it has said everything.
        while link.recv(65536):
            pass
        return status


def measure_rate(port, requests, workers):
    """Send all requests, each once, and return how many a second were answered.

    :raises Trouble: if one was not answered with 200.
    """
    count = workers * CLIENTS_PER_WORKER
    # Forked, so that the requests need not be sent to the processes first.
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(count)
    results = context.SimpleQueue()
    clients = [
        context.Process(
            target=_send_all, args=(port, requests[number::count], barrier, results)
        )
        for number in range(count)
    ]
    for client in clients:
        client.start()
    done = [results.get() for _client in clients]
    for client in clients:
        client.join()
    bad = [status for _began, _ended, statuses in done for status in statuses]
    if bad:
        raise Trouble(f"{len(bad)} requests were answered with {sorted(set(bad))}.")
    began = min(began for began, _ended, _bad in done)
    ended = max(ended for _began, ended, _bad in done)
    return len(requests) / (ended - began)


def _send_all(port, requests, barrier, results):
    """Send a share of the requests. Runs in a process of its own."""
    barrier.wait()
    began, bad = time.monotonic(), []
    for request in requests:
        try:
            status = send(port, request)
        except (OSError, ValueError) as error:
            status = repr(error)
        if status != 200:
            bad.append(str(status))
    results.put((began, time.monotonic(), bad))
