"""Events in the shapes of AWS: API Gateway's payload 2.0, SQS batches, and the context of an invocation."""

import base64
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import uuid_utils

REGION = "ap-northeast-2"
ACCOUNT = "123456789012"
HOST = "abc123.execute-api.ap-northeast-2.amazonaws.com"

API_SECONDS = 25
SWEEP_SECONDS = 55
"""What terraform/ gives a function of the API, and the sweep; one with less publishes nothing once the machine
dawdles."""


@dataclass(frozen=True)
class Context:
    """What Lambda hands to a handler beside the event."""

    function_name: str = "factoauto-test"
    timeout_seconds: float = API_SECONDS
    memory_limit_in_mb: int = 512
    aws_request_id: str = field(default_factory=lambda: str(uuid_utils.uuid4()))
    _began: float = field(default_factory=time.monotonic)

    @property
    def invoked_function_arn(self) -> str:
        """The function's ARN."""
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self.function_name}"

    def get_remaining_time_in_millis(self) -> int:
        """What is left until Lambda would stop the function."""
        return max(0, int((self._began + self.timeout_seconds - time.monotonic()) * 1000))


def http_event(
    method: str,
    path: str,
    *,
    body: object = None,
    headers: Mapping[str, str] | None = None,
    in_base64: bool = False,
) -> dict[str, Any]:
    """An HTTP API event; ``body`` is sent as JSON, text and bytes as they are; a query goes in ``path``."""
    raw_path, _, query = path.partition("?")
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": raw_path,
        "rawQueryString": query,
        "headers": {
            "content-type": "application/json",
            "host": HOST,
            "x-forwarded-for": "203.0.113.7",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
            **{name.lower(): value for name, value in (headers or {}).items()},
        },
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": "abc123",
            "domainName": HOST,
            "domainPrefix": "abc123",
            "http": {
                "method": method,
                "path": raw_path,
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.7",
                "userAgent": "curl/8.5.0",
            },
            "requestId": str(uuid_utils.uuid4()),
            "routeKey": "$default",
            "stage": "$default",
            "time": "23/Nov/2026:03:00:00 +0000",
            "timeEpoch": 1795402800000,
        },
        "isBase64Encoded": in_base64,
    }
    if body is not None:
        raw = body if isinstance(body, str | bytes) else json.dumps(body, ensure_ascii=False)
        data = raw if isinstance(raw, bytes) else raw.encode()
        event["body"] = base64.b64encode(data).decode() if in_base64 else data.decode()
    return event


def sqs_event(messages: Sequence[Mapping[str, Any]], *, queue_arn: str = "") -> dict[str, Any]:
    """The event that Lambda makes of what ``receive_message`` answered."""
    return {
        "Records": [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": message["Attributes"],
                "messageAttributes": {},
                "md5OfBody": message["MD5OfBody"],
                "eventSource": "aws:sqs",
                "eventSourceARN": queue_arn or f"arn:aws:sqs:{REGION}:{ACCOUNT}:stock-queue",
                "awsRegion": REGION,
            }
            for message in messages
        ]
    }


def body_of(answer: Mapping[str, Any]) -> Any:
    """The JSON document in a handler's answer."""
    text = base64.b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"]
    return json.loads(text)
