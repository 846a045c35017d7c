"""Where moto answers Terraform's AWS provider otherwise than AWS does. Tried with moto 5.2.5.

The shop's own use of SQS has its gaps closed by ``backend.entrypoints.local_aws_gaps``; here is what only
an apply and the plan after it notice.
"""

import json
from collections.abc import Iterable
from functools import wraps
from typing import Any

from moto.core.config import default_user_config
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ecs.models import Service
from moto.rds.models import DBParameterGroup
from moto.sqs.models import Queue

from backend.entrypoints.local_aws_gaps import close_gaps


def close_provisioning_gaps() -> None:
    """Correct moto for this process; to be called once, before it serves."""
    close_gaps()
    default_user_config["lambda"] = {"use_docker": False}  # an invocation answers, and runs nothing
    _write_policies_as_aws_does()
    _say_who_set_a_database_parameter()
    _describe_rules_between_security_groups()
    Service.availability_zone_rebalancing = "DISABLED"  # type: ignore[attr-defined]


def _write_policies_as_aws_does() -> None:
    # AWS answers without blanks (with them every plan would see a change), and forgets a policy set to
    # nothing (which a destroy waits for).
    attributes = Queue.attributes

    def compact(self: Queue) -> dict[str, Any]:
        answer: dict[str, Any] = attributes.fget(self)  # type: ignore[attr-defined]
        for name in ("Policy", "RedrivePolicy", "RedriveAllowPolicy"):
            if policy := answer.pop(name, None):
                answer[name] = json.dumps(json.loads(policy), separators=(",", ":"))
        return answer

    Queue.attributes = property(compact)  # type: ignore[assignment,method-assign]


def _say_who_set_a_database_parameter() -> None:
    # The provider reads back only the parameters whose source is "user".
    update_parameters = DBParameterGroup.update_parameters

    @wraps(update_parameters)
    def update_as_user(self: DBParameterGroup, new_parameters: Iterable[dict[str, Any]]) -> None:
        update_parameters(self, [{"Source": "user", **parameter} for parameter in new_parameters])

    DBParameterGroup.update_parameters = update_as_user  # type: ignore[method-assign]


def _describe_rules_between_security_groups() -> None:
    # moto remembers the description of a rule only where its source is an address range.
    def description(self: SecurityGroupRule) -> str | None:
        source: dict[str, Any] = self.ip_range or self.source_group or {}
        return source.get("Description")

    SecurityGroupRule.description = property(description)  # type: ignore[assignment,method-assign]
