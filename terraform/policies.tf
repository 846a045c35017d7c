# ---------------------------------------------------------------------------------------------------
# What each function's code may do. Writing its log and attaching to the VPC is in modules/lambda.
# ---------------------------------------------------------------------------------------------------

data "aws_iam_policy_document" "secrets" {
  statement {
    sid       = "ReadSecrets"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [local.application_secret_arn, local.database_secret_arn]
  }
}

data "aws_iam_policy_document" "publish" {
  source_policy_documents = [data.aws_iam_policy_document.secrets.json]

  statement {
    sid       = "PublishShortages"
    actions   = ["sns:Publish"]
    resources = [local.topic_arn]
  }

  # The topic is the one of that name beside the queue: its ARN is made from the queue's.
  statement {
    sid       = "FindTopic"
    actions   = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl"]
    resources = [local.queue_arn]
  }
}

data "aws_iam_policy_document" "sale" {
  source_policy_documents = [data.aws_iam_policy_document.publish.json]

  statement {
    sid = "TakeDeadLetters"
    actions = [
      "sqs:ChangeMessageVisibility",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:GetQueueUrl",
      "sqs:ReceiveMessage",
    ]
    resources = [local.dead_letter_queue_arn]
  }

  statement {
    sid       = "RedriveDeadLetters"
    actions   = ["sqs:SendMessage"]
    resources = [local.queue_arn]
  }
}

# A delivery may leave the product short still: then a new order is published.
data "aws_iam_policy_document" "stock_inc" {
  source_policy_documents = [data.aws_iam_policy_document.publish.json]
}

data "aws_iam_policy_document" "stock_empty" {
  source_policy_documents = [data.aws_iam_policy_document.secrets.json]

  statement {
    sid = "ConsumeQueue"
    actions = [
      "sqs:ChangeMessageVisibility",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:GetQueueUrl",
      "sqs:ReceiveMessage",
    ]
    resources = [local.queue_arn]
  }
}

data "aws_iam_policy_document" "sweep" {
  source_policy_documents = [data.aws_iam_policy_document.publish.json]

  statement {
    sid       = "SampleDeadLetters"
    actions   = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl"]
    resources = [local.dead_letter_queue_arn]
  }
}

data "aws_iam_policy_document" "migrate" {
  source_policy_documents = [data.aws_iam_policy_document.secrets.json]

  statement {
    sid       = "FillSecrets"
    actions   = ["secretsmanager:PutSecretValue"]
    resources = [local.application_secret_arn]
  }
}
