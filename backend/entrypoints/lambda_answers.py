"""What API Gateway is answered: a Lambda's answer has a size beyond which it is lost."""

import json
from typing import Any

from backend.entrypoints.problems import MEDIA_TYPE, TYPE_PREFIX

LARGEST_ANSWER = 6_000_000
"""Bytes of JSON; Lambda takes 6 MB of an answer, and turns a larger one into the gateway's bare error."""
MOST_BYTES_OF_A_CHARACTER = 6
OF_THE_FILE = ("content-disposition", "content-length", "content-type")
TOO_LARGE = {
    "type": f"{TYPE_PREFIX}answer-too-large",
    "title": "The answer is too large",
    "status": 413,
    "detail": "On AWS an answer has at most 6 MB: read pages of JSON, or run `factoauto export` on the database",
}


def small_enough(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer, or one that says that it is too large for Lambda."""
    if len(answer["body"]) * MOST_BYTES_OF_A_CHARACTER <= LARGEST_ANSWER:
        return answer
    if len(json.dumps(answer, ensure_ascii=False).encode()) <= LARGEST_ANSWER:
        return answer
    kept = {name: value for name, value in answer["headers"].items() if name.lower() not in OF_THE_FILE}
    return {
        "statusCode": TOO_LARGE["status"],
        "headers": {**kept, "content-type": MEDIA_TYPE},
        "body": json.dumps(TOO_LARGE),
        "isBase64Encoded": False,
    }
