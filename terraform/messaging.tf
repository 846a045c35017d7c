# ---------------------------------------------------------------------------------------------------
# SNS stock-empty -> SQS stock-queue -> the stock-empty function; what fails four times -> the
# dead letter queue, from where an operator sends it back (redrive).
# ---------------------------------------------------------------------------------------------------

resource "aws_sns_topic" "stock_empty" {
  name              = var.topic_name
  display_name      = "Shortages"
  kms_master_key_id = "alias/aws/sns"
}

# ---------------------------------------------------------------------------------------------------
# Queues
# ---------------------------------------------------------------------------------------------------

resource "aws_sqs_queue" "dead_letter" {
  name                      = var.dead_letter_queue_name
  message_retention_seconds = 14 * 24 * 3600
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue" "stock" {
  name                       = var.queue_name
  visibility_timeout_seconds = local.visibility_timeout_seconds
  message_retention_seconds  = 4 * 24 * 3600
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = true

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letter.arn
    maxReceiveCount     = local.max_receive_count
  })
}

resource "aws_sqs_queue_redrive_allow_policy" "dead_letter" {
  queue_url = aws_sqs_queue.dead_letter.id

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.stock.arn]
  })
}

# ---------------------------------------------------------------------------------------------------
# Who may send: that topic, and from this account only a role that its own policy lets (the redrive).
# ---------------------------------------------------------------------------------------------------

data "aws_iam_policy_document" "stock_queue" {
  statement {
    sid       = "OnlyTheTopicSends"
    actions   = ["sqs:SendMessage"]
    resources = [local.queue_arn]

    principals {
      type        = "Service"
      identifiers = ["sns.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [local.topic_arn]
    }
  }

  statement {
    sid       = "OnlyOverTls"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [local.queue_arn]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sqs_queue_policy" "stock" {
  queue_url = aws_sqs_queue.stock.id
  policy    = data.aws_iam_policy_document.stock_queue.json
}

data "aws_iam_policy_document" "dead_letter_queue" {
  statement {
    sid       = "OnlyOverTls"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [local.dead_letter_queue_arn]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sqs_queue_policy" "dead_letter" {
  queue_url = aws_sqs_queue.dead_letter.id
  policy    = data.aws_iam_policy_document.dead_letter_queue.json
}

# The consumer reads the envelope that SNS puts around the message, as the original's did.
resource "aws_sns_topic_subscription" "stock_queue" {
  topic_arn            = aws_sns_topic.stock_empty.arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.stock.arn
  raw_message_delivery = false

  depends_on = [aws_sqs_queue_policy.stock]
}

# ---------------------------------------------------------------------------------------------------
# The consumer
# ---------------------------------------------------------------------------------------------------

resource "aws_lambda_event_source_mapping" "stock_queue" {
  event_source_arn        = aws_sqs_queue.stock.arn
  function_name           = module.functions["stock-empty"].arn
  batch_size              = local.consumer_batch_size
  function_response_types = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = var.consumer_concurrency
  }
}
