"""SQS message move tasks, which moto lacks: the redrive of the console and of ``start-message-move-task``."""

from uuid import uuid4

from moto.core.responses import ActionResult
from moto.sqs.exceptions import SQSException
from moto.sqs.models import Message, SQSBackend
from moto.sqs.responses import SQSResponse

REMEMBERED_MOVE_TASKS = 10


def offer_message_move_tasks() -> None:
    """Teach moto's SQS the two calls; a task is over as soon as it is started."""
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
