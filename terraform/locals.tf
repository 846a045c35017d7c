# ---------------------------------------------------------------------------------------------------
# Values that several concerns share
# ---------------------------------------------------------------------------------------------------

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.name

  # Made from the names rather than asked of the resources, so that a plan shows the policies in full
  # before anything is there.
  topic_arn             = "arn:${local.partition}:sns:${local.region}:${local.account}:${var.topic_name}"
  queue_arn             = "arn:${local.partition}:sqs:${local.region}:${local.account}:${var.queue_name}"
  dead_letter_queue_arn = "arn:${local.partition}:sqs:${local.region}:${local.account}:${var.dead_letter_queue_name}"
  function_arn_prefix   = "arn:${local.partition}:lambda:${local.region}:${local.account}:function:${var.name}-"

  # Longer than the code waits for the database with every repetition (backend/bootstrap_lambda.py), so that a
  # customer is told by the shop that it is away, not by a bare error of the gateway; which waits for 30 s at most.
  api_timeout_seconds = 25

  # An order at a factory that hangs: connecting, for which the code has 3 s at most, and then the answer.
  longest_order_seconds = min(3, var.factory_timeout_seconds) + var.factory_timeout_seconds

  # At most five records, one after the other, and some for the secrets and the database: a record for which
  # there is no time is not begun, and has used up one of its receives for nothing.
  consumer_batch_size      = 5
  consumer_timeout_seconds = local.consumer_batch_size * local.longest_order_seconds + 20

  # One order that hangs, and some for the queues and the database. Two sweeps may run at once.
  sweep_timeout_seconds = var.factory_timeout_seconds + 45

  # A record must not come back while a copy of the function may still be busy with it: AWS asks for six
  # times the function's timeout.
  visibility_timeout_seconds = 6 * local.consumer_timeout_seconds
  max_receive_count          = 4

  # The longest that the queue keeps a message from being ordered or given up while somebody reads it: only then
  # may the sweep take it for lost. Sooner, it would publish again what only waits.
  forgotten_after_seconds = local.max_receive_count * local.visibility_timeout_seconds

  public_url  = aws_apigatewayv2_api.shop.api_endpoint
  factory_url = var.factory_url != null ? trimsuffix(var.factory_url, "/") : "http://${local.factory_mock_host}:${local.container_ports.factory_mock}"

  # Port of the factory, for the security group; 443 unless the URL names another.
  factory_port = try(tonumber(regex("^https://[^/:]+:([0-9]+)", var.factory_url)[0]), 443)
}
