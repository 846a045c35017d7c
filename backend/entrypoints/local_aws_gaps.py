"""Where moto's SQS does otherwise than Amazon's, and the shop would notice.

``close_gaps()`` corrects moto for this process; each function below says what Amazon promises. Tried with
moto 5.2.5.
"""

from collections.abc import Callable, Iterable
from functools import cache, wraps
from typing import Any
from uuid import uuid4

from moto.core.responses import ActionResult
from moto.sns.models import Topic
from moto.sqs.exceptions import SQSException
from moto.sqs.models import Message, Queue, SQSBackend
from moto.sqs.responses import SQSResponse

REMEMBERED_HANDLES = 10_000
REMEMBERED_MOVE_TASKS = 10


@cache
def close_gaps() -> None:
    """Correct moto in this process; a second call does nothing."""
    _lock_what_moves_messages()
    _keep_the_policy()
    _know_redrive_allow_policy()
    _bound_memory()
    _offer_message_move_tasks()


def _lock_what_moves_messages() -> None:
    # Adding a message takes the queue's lock; everything else walks or rebuilds the same list without it: a
    # message sent while another is deleted can vanish, and two receivers can move one message to the dead
    # letters twice. The lock may be held around a long poll: waiting for messages releases it.
    def locked(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def call(self: SQSBackend, queue_name: str, *rest: Any, **named: Any) -> Any:
            with self.get_queue(queue_name)._messages_lock:
                return method(self, queue_name, *rest, **named)

        return call

    SQSBackend.receive_message = locked(SQSBackend.receive_message)  # type: ignore[method-assign]
    SQSBackend.delete_message = locked(SQSBackend.delete_message)  # type: ignore[method-assign]
    SQSBackend.purge_queue = locked(SQSBackend.purge_queue)  # type: ignore[method-assign]
    SQSBackend.change_message_visibility = locked(  # type: ignore[method-assign]
        SQSBackend.change_message_visibility
    )


def _keep_the_policy() -> None:
    # Setting one attribute leaves the others alone; moto drops the Policy that lets the topic deliver.
    set_attributes = Queue._set_attributes

    @wraps(set_attributes)
    def keep_policy(self: Queue, attributes: dict[str, Any], now: float | None = None) -> None:
        kept = {"Policy": self.policy} if hasattr(self, "_policy_json") else {}
        set_attributes(self, {**kept, **attributes}, now)

    Queue._set_attributes = keep_policy  # type: ignore[method-assign]


def _know_redrive_allow_policy() -> None:
    # An attribute like any other: what was set is read back. moto stores it and refuses to name it.
    Queue.redrive_allow_policy = None  # type: ignore[attr-defined]
    Queue.BASE_ATTRIBUTES = [*Queue.BASE_ATTRIBUTES, "RedriveAllowPolicy"]


class RecentHandles:
    """The receipt handles deleted last, up to ``REMEMBERED_HANDLES``: to delete one again is no error."""

    def __init__(self) -> None:
        self._handles: dict[str | None, None] = {}

    def __contains__(self, handle: str | None) -> bool:
        """Whether this handle was deleted, as far as is remembered."""
        return handle in self._handles

    def __len__(self) -> int:
        """How many are remembered."""
        return len(self._handles)

    def update(self, handles: Iterable[str | None]) -> None:
        """Remember these, and forget the oldest above the limit."""
        self._handles.update(dict.fromkeys(handles))
        while len(self._handles) > REMEMBERED_HANDLES:
            del self._handles[next(iter(self._handles))]


class _Forgetful(list[Any]):
    def append(self, _item: Any) -> None:
        """Keep nothing."""


def _bound_memory() -> None:
    # moto keeps every notification ever sent and every receipt handle ever deleted, for assertions of tests.
    make_queue, make_topic = Queue.__init__, Topic.__init__

    @wraps(make_queue)
    def make_bounded_queue(self: Queue, *arguments: Any, **named: Any) -> None:
        make_queue(self, *arguments, **named)
        self.deleted_messages = RecentHandles()  # type: ignore[assignment]

    @wraps(make_topic)
    def make_bounded_topic(self: Topic, *arguments: Any, **named: Any) -> None:
        make_topic(self, *arguments, **named)
        self.sent_notifications = _Forgetful()

    Queue.__init__ = make_bounded_queue  # type: ignore[method-assign]
    Topic.__init__ = make_bounded_topic  # type: ignore[method-assign]


def _offer_message_move_tasks() -> None:
    # The redrive of the console and of `aws sqs start-message-move-task`; moto has none. It is over at once.
    SQSResponse.start_message_move_task = _start_message_move_task  # type: ignore[attr-defined]
    SQSResponse.list_message_move_tasks = _list_message_move_tasks  # type: ignore[attr-defined]


def _start_message_move_task(request: SQSResponse) -> ActionResult:
    source_arn = request._get_param("SourceArn")
    destination_arn = request._get_param("DestinationArn")
    moved = _move_messages(request.sqs_backend, source_arn=source_arn, destination_arn=destination_arn)
    task = {
        "TaskHandle": str(uuid4()),
        "Status": "COMPLETED",
        "SourceArn": source_arn,
        "ApproximateNumberOfMessagesMoved": moved,
        "ApproximateNumberOfMessagesToMove": moved,
    }
    if destination_arn:
        task["DestinationArn"] = destination_arn
    tasks = vars(request.sqs_backend).setdefault("move_tasks", [])
    tasks.insert(0, task)
    del tasks[REMEMBERED_MOVE_TASKS:]
    return ActionResult({"TaskHandle": task["TaskHandle"]})


def _list_message_move_tasks(request: SQSResponse) -> ActionResult:
    tasks = vars(request.sqs_backend).get("move_tasks", [])
    wanted = [task for task in tasks if task["SourceArn"] == request._get_param("SourceArn")]
    return ActionResult({"Results": wanted[: request._get_param("MaxResults") or 1]})


def _move_messages(backend: SQSBackend, *, source_arn: str, destination_arn: str | None) -> int:
    source = backend.get_queue(_queue_name(source_arn))
    feeders = backend.list_dead_letter_source_queues(source.name)
    if not feeders:
        raise SQSException("ResourceNotFoundException", "The source is no queue's dead letter queue.")
    destination = backend.get_queue(_queue_name(destination_arn)) if destination_arn else feeders[0]
    with source._messages_lock:
        moving = list(source.messages)
        source._messages = [message for message in source._messages if message not in moving]
    for message in moving:
        _send_again(backend, queue_name=destination.name, message=message)
    return len(moving)


def _send_again(backend: SQSBackend, *, queue_name: str, message: Message) -> None:
    backend.send_message(
        queue_name,
        message.body,
        message_attributes=message.message_attributes,
        group_id=message.group_id,
        deduplication_id=message.deduplication_id,
        system_attributes=message.system_attributes,
    )


def _queue_name(arn: str) -> str:
    return arn.rsplit(":", 1)[-1]
