# ---------------------------------------------------------------------------------------------------
# Alarms, to a topic that people subscribe to. CloudWatch cannot publish to a topic under the key that
# AWS manages for SNS, so this one is left unencrypted: an alarm says nothing secret.
# ---------------------------------------------------------------------------------------------------

resource "aws_sns_topic" "alarms" {
  name         = "${var.name}-alarms"
  display_name = "FactoAuto alarms"
}

resource "aws_sns_topic_subscription" "alarm_email" {
  count = var.alarm_email == null ? 0 : 1

  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = var.alarm_email
}

locals {
  function_names = merge({ for key, function in module.functions : key => function.name }, { migrate = module.migrate.name })

  alarms = merge(
    {
      dead-letters = {
        description = "An order failed four times (is the factory answering?) and lies in the dead letter queue: see /api/queues/dead-letters, then redrive"
        namespace   = "AWS/SQS"
        metric      = "ApproximateNumberOfMessagesVisible"
        dimensions  = { QueueName = aws_sqs_queue.dead_letter.name }
        statistic   = "Maximum"
        comparison  = "GreaterThanThreshold"
        threshold   = 0
        minutes     = 1
        missing     = "notBreaching"
      }
      oldest-message = {
        description = "A shortage has waited long on the queue: is the consumer paused, failing, or behind (consumer_concurrency)?"
        namespace   = "AWS/SQS"
        metric      = "ApproximateAgeOfOldestMessage"
        dimensions  = { QueueName = aws_sqs_queue.stock.name }
        statistic   = "Maximum"
        comparison  = "GreaterThanThreshold"
        threshold   = 2 * local.visibility_timeout_seconds
        minutes     = 5
        missing     = "notBreaching"
      }
      sweep-silent = {
        description = "The sweep did not run for ten minutes: leftovers are not published"
        namespace   = "AWS/Lambda"
        metric      = "Invocations"
        dimensions  = { FunctionName = local.function_names["sweep"] }
        statistic   = "Sum"
        comparison  = "LessThanThreshold"
        threshold   = 1
        minutes     = 10
        missing     = "breaching"
      }
      api-5xx = {
        description = "The API answered with server errors"
        namespace   = "AWS/ApiGateway"
        metric      = "5xx"
        dimensions  = { ApiId = aws_apigatewayv2_api.shop.id }
        statistic   = "Sum"
        comparison  = "GreaterThanThreshold"
        threshold   = 5
        minutes     = 5
        missing     = "notBreaching"
      }
      database-storage = {
        description = "Little storage is free, and RDS, which grows it at a tenth, did not"
        namespace   = "AWS/RDS"
        metric      = "FreeStorageSpace"
        dimensions  = { DBInstanceIdentifier = aws_db_instance.main.identifier }
        statistic   = "Minimum"
        comparison  = "LessThanThreshold"
        threshold   = floor(var.database_storage_gb * 1024 * 1024 * 1024 / 16)
        minutes     = 5
        missing     = "missing"
      }
      database-cpu = {
        description = "The database has been busy for a quarter of an hour"
        namespace   = "AWS/RDS"
        metric      = "CPUUtilization"
        dimensions  = { DBInstanceIdentifier = aws_db_instance.main.identifier }
        statistic   = "Average"
        comparison  = "GreaterThanThreshold"
        threshold   = 80
        minutes     = 15
        missing     = "missing"
      }
    },
    {
      for key, name in local.function_names : "${key}-errors" => {
        description = "The function ${name} failed"
        namespace   = "AWS/Lambda"
        metric      = "Errors"
        dimensions  = { FunctionName = name }
        statistic   = "Sum"
        comparison  = "GreaterThanThreshold"
        threshold   = 0
        minutes     = 5
        missing     = "notBreaching"
      }
    },
  )
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  period              = each.value.minutes * 60
  evaluation_periods  = 1
  treat_missing_data  = each.value.missing
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}
