# ---------------------------------------------------------------------------------------------------
# CloudWatch dashboard: what an operator looks at first
# ---------------------------------------------------------------------------------------------------

locals {
  # Each widget: title, statistic, and its metrics as [namespace, metric, dimension, value, ...].
  widgets = [
    {
      title     = "API: requests and errors"
      statistic = "Sum"
      metrics = [for metric in ["Count", "4xx", "5xx"] :
        ["AWS/ApiGateway", metric, "ApiId", aws_apigatewayv2_api.shop.id]
      ]
    },
    {
      title     = "API: latency, p99 (ms)"
      statistic = "p99"
      metrics = [for metric in ["Latency", "IntegrationLatency"] :
        ["AWS/ApiGateway", metric, "ApiId", aws_apigatewayv2_api.shop.id]
      ]
    },
    {
      title     = "Queues: waiting, in flight, dead letters"
      statistic = "Maximum"
      metrics = [
        ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", aws_sqs_queue.stock.name],
        ["AWS/SQS", "ApproximateNumberOfMessagesNotVisible", "QueueName", aws_sqs_queue.stock.name],
        ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", aws_sqs_queue.dead_letter.name],
      ]
    },
    {
      title     = "Age of the oldest shortage (s)"
      statistic = "Maximum"
      metrics   = [["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", aws_sqs_queue.stock.name]]
    },
    {
      title     = "Functions: errors"
      statistic = "Sum"
      metrics   = [for name in local.function_names : ["AWS/Lambda", "Errors", "FunctionName", name]]
    },
    {
      title     = "Functions: duration, p99 (ms)"
      statistic = "p99"
      metrics   = [for name in local.function_names : ["AWS/Lambda", "Duration", "FunctionName", name]]
    },
    {
      title     = "Functions: copies at once"
      statistic = "Maximum"
      metrics   = [for name in local.function_names : ["AWS/Lambda", "ConcurrentExecutions", "FunctionName", name]]
    },
    {
      title     = "Database: CPU (%) and connections"
      statistic = "Average"
      metrics = [for metric in ["CPUUtilization", "DatabaseConnections"] :
        ["AWS/RDS", metric, "DBInstanceIdentifier", aws_db_instance.main.identifier]
      ]
    },
  ]
}

resource "aws_cloudwatch_dashboard" "main" {
  dashboard_name = var.name

  dashboard_body = jsonencode({
    widgets = [for index, widget in local.widgets : {
      type   = "metric"
      x      = 12 * (index % 2)
      y      = 6 * floor(index / 2)
      width  = 12
      height = 6
      properties = {
        title   = widget.title
        region  = local.region
        view    = "timeSeries"
        stat    = widget.statistic
        period  = 60
        metrics = widget.metrics
      }
    }]
  })
}
