"""What the local AWS lacks, beside the handlers: the HTTP API's gateway, and the poller that feeds a function."""

import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import ModuleType
from typing import Any

from tests.lambdas.events import Context, body_of, http_event, sqs_event

_PARAMETERS = ((r"\{\w+\+\}", ".+"), (r"\{\w+\}", "[^/]+"))


@dataclass(frozen=True)
class Function:
    """A function as deployed: its handler, loaded with its own environment, and the time that it has."""

    module: ModuleType
    handler: str
    timeout_seconds: float

    def invoke(self, event: Any) -> Any:
        """What the handler makes of an event."""
        return getattr(self.module, self.handler)(event, Context(timeout_seconds=self.timeout_seconds))


class Gateway:
    """A loopback server that makes an event of each request and answers what the handler answers.

    ``routes`` are the deployed ones: each route's key, and the function that it leads to.
    """

    def __init__(self) -> None:
        self.functions: Mapping[str, Function] = {}
        self.routes: Mapping[str, str] = {}
        self.events: list[tuple[str, dict[str, Any]]] = []
        self._one_at_a_time = threading.Lock()  # one copy of each function
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._make_handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def call(self, event: dict[str, Any]) -> dict[str, Any]:
        """Hand an event to the function that Terraform routes it to.

        Raises:
            LookupError: there is no such route.
        """
        request = f"{event['requestContext']['http']['method']} {event['rawPath']}"
        name = next(self._leads_to(request), None)
        if name is None:
            raise LookupError(f"no route for {request}")
        with self._one_at_a_time:
            self.events.append((name, event))
            answer: dict[str, Any] = self.functions[name].invoke(event)
        return answer

    def _leads_to(self, request: str) -> Iterator[str]:
        """The functions of the routes that match, the narrowest route first, as the gateway takes them."""
        for key in sorted(self.routes, key=lambda key: (key.count("{"), key.count("+}"), -len(key))):
            pattern = key
            for parameter, values in _PARAMETERS:
                pattern = re.sub(parameter, values, pattern)
            if re.fullmatch(pattern, request):
                yield self.routes[key]

    def ask(self, method: str, path: str, **rest: Any) -> Any:
        """Call, and return the JSON that comes back."""
        return body_of(self.call(http_event(method, path, **rest)))

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _make_handler(self) -> type[BaseHTTPRequestHandler]:
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                answer = gateway.call(
                    http_event("POST", self.path, body=body, headers=dict(self.headers), in_base64=True)
                )
                content = answer["body"].encode()
                self.send_response(answer["statusCode"])
                self.send_header("Content-Type", answer["headers"]["content-type"])
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing."""

        return Handler


@dataclass(frozen=True)
class Poller:
    """The event source mapping of the queue with ``ReportBatchItemFailures``."""

    sqs: Any
    queue_url: str
    function: Function
    batch: int

    def poll(self) -> dict[str, Any] | None:
        """Hand one batch to the function and delete what it did not report; the event, or None if none."""
        received = self.sqs.receive_message(
            QueueUrl=self.queue_url,
            MaxNumberOfMessages=self.batch,
            WaitTimeSeconds=0,
            MessageSystemAttributeNames=["All"],
        )
        if not (messages := received.get("Messages")):
            return None
        event = sqs_event(messages)
        answer = self.function.invoke(event)
        failed = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
        assert failed <= {message["MessageId"] for message in messages}  # or Lambda keeps the whole batch
        for message in messages:
            if message["MessageId"] not in failed:
                self.sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=message["ReceiptHandle"])
        return event

    def depth(self, queue_url: str | None = None) -> int:
        """How many messages a queue holds, received or not; the consumer's own unless another is named."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        answer = self.sqs.get_queue_attributes(QueueUrl=queue_url or self.queue_url, AttributeNames=names)
        return sum(int(answer["Attributes"][name]) for name in names)
