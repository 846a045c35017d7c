# The plan, with the real provider and dummy keys: real policy documents and real validation, no network.
# Terraform 1.11 or later (override_during).

provider "aws" {
  region                      = "ap-northeast-2"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
}

override_data {
  target = data.aws_availability_zones.all
  values = { names = ["ap-northeast-2a", "ap-northeast-2b", "ap-northeast-2c"] }
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

# ARNs that AWS gives, so that the plan shows what names them.
override_resource {
  target          = aws_sqs_queue.stock
  values          = { arn = "arn:aws:sqs:ap-northeast-2:123456789012:stock-queue" }
  override_during = plan
}

override_resource {
  target          = aws_sqs_queue.dead_letter
  values          = { arn = "arn:aws:sqs:ap-northeast-2:123456789012:stock-dead-letter-queue" }
  override_during = plan
}

override_resource {
  target          = aws_secretsmanager_secret.application
  values          = { arn = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:factoauto/application-abcdef" }
  override_during = plan
}

override_resource {
  target          = aws_db_instance.main
  values          = { master_user_secret = [{ secret_arn = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:rds!db-1" }] }
  override_during = plan
}

override_resource {
  target          = aws_sns_topic.alarms
  values          = { arn = "arn:aws:sns:ap-northeast-2:123456789012:factoauto-alarms" }
  override_during = plan
}

override_resource {
  target          = aws_apigatewayv2_api.shop
  values          = { id = "api1", execution_arn = "arn:aws:execute-api:ap-northeast-2:123456789012:api1" }
  override_during = plan
}

override_resource {
  target          = aws_security_group.functions
  values          = { id = "sg-functions" }
  override_during = plan
}

override_resource {
  target          = aws_security_group.database
  values          = { id = "sg-database" }
  override_during = plan
}

variables {
  lambda_package = "versions.tf" # a plan only hashes the package: any file does
  factory_url    = "https://factory.example.com"
}

# One plan, many questions: a plan takes seconds.
run "the_root_with_nothing_but_a_factory_is_wired_and_shut_as_it_should_be" {
  command = plan

  # --- Topic, queue, dead letters, consumer ---

  assert {
    condition     = aws_sns_topic.stock_empty.name == "stock-empty" && aws_sqs_queue.stock.name == "stock-queue" && aws_sqs_queue.dead_letter.name == "stock-dead-letter-queue"
    error_message = "The original's names are part of the contract."
  }

  assert {
    condition = jsondecode(aws_sqs_queue.stock.redrive_policy) == {
      deadLetterTargetArn = "arn:aws:sqs:ap-northeast-2:123456789012:stock-dead-letter-queue"
      maxReceiveCount     = 4
    }
    error_message = "stock-queue must give a message up to the dead letter queue after four receives."
  }

  assert {
    condition = jsondecode(aws_sqs_queue_redrive_allow_policy.dead_letter.redrive_allow_policy) == {
      redrivePermission = "byQueue"
      sourceQueueArns   = ["arn:aws:sqs:ap-northeast-2:123456789012:stock-queue"]
    }
    error_message = "Only stock-queue may use the dead letter queue."
  }

  assert {
    condition     = aws_sqs_queue.dead_letter.message_retention_seconds == 1209600
    error_message = "Dead letters must be kept for 14 days."
  }

  assert {
    condition     = aws_sqs_queue.stock.visibility_timeout_seconds >= 6 * local.functions["stock-empty"].timeout_seconds
    error_message = "Visibility must be at least six times the function's timeout."
  }

  assert {
    condition = tonumber(local.function_environment.FACTOAUTO_FORGOTTEN_SECONDS) == (
      aws_sqs_queue.stock.visibility_timeout_seconds * jsondecode(aws_sqs_queue.stock.redrive_policy).maxReceiveCount
    )
    error_message = "The sweep must not take for lost what the queue only hides until the last receive is over."
  }

  assert {
    condition     = local.functions["stock-empty"].timeout_seconds >= aws_lambda_event_source_mapping.stock_queue.batch_size * (3 + var.factory_timeout_seconds) + 3 + 10
    error_message = "The last order of a batch must be begun though the others all hung: 3 s to connect, 3 s to note it, 10 s for secrets and a connection."
  }

  assert {
    condition     = aws_sqs_queue.stock.sqs_managed_sse_enabled && aws_sqs_queue.dead_letter.sqs_managed_sse_enabled && aws_sns_topic.stock_empty.kms_master_key_id == "alias/aws/sns"
    error_message = "Topic and queues must be encrypted."
  }

  assert {
    condition     = !aws_sns_topic_subscription.stock_queue.raw_message_delivery
    error_message = "The consumer reads the SNS envelope."
  }

  assert {
    condition     = toset(aws_lambda_event_source_mapping.stock_queue.function_response_types) == toset(["ReportBatchItemFailures"]) && aws_lambda_event_source_mapping.stock_queue.scaling_config[0].maximum_concurrency == 5
    error_message = "Failures must be reported one by one, and concurrency be limited."
  }

  assert {
    condition = [
      for statement in jsondecode(data.aws_iam_policy_document.stock_queue.json).Statement : statement if statement.Effect == "Allow"
      ] == [{
        Sid       = "OnlyTheTopicSends"
        Effect    = "Allow"
        Action    = "sqs:SendMessage"
        Principal = { Service = "sns.amazonaws.com" }
        Resource  = "arn:aws:sqs:ap-northeast-2:123456789012:stock-queue"
        Condition = { ArnEquals = { "aws:SourceArn" = "arn:aws:sns:ap-northeast-2:123456789012:stock-empty" } }
    }]
    error_message = "Only that topic may send to stock-queue."
  }

  assert {
    condition = {
      for name, document in { stock = data.aws_iam_policy_document.stock_queue, dead-letter = data.aws_iam_policy_document.dead_letter_queue } :
      name => [for statement in jsondecode(document.json).Statement : [statement.Resource, statement.Condition.Bool] if statement.Effect == "Deny"]
      } == {
      stock       = [["arn:aws:sqs:ap-northeast-2:123456789012:stock-queue", { "aws:SecureTransport" = "false" }]]
      dead-letter = [["arn:aws:sqs:ap-northeast-2:123456789012:stock-dead-letter-queue", { "aws:SecureTransport" = "false" }]]
    }
    error_message = "Nobody may talk to either queue in the clear."
  }

  assert {
    condition = (
      jsondecode(aws_sqs_queue_policy.dead_letter.policy) == jsondecode(data.aws_iam_policy_document.dead_letter_queue.json) &&
      jsondecode(aws_sqs_queue_policy.stock.policy) == jsondecode(data.aws_iam_policy_document.stock_queue.json)
    )
    error_message = "Each queue must have its own policy."
  }

  # --- The sweep: every minute, and no more often when it fails ---

  assert {
    condition     = aws_scheduler_schedule.sweep.schedule_expression == "rate(1 minute)" && aws_scheduler_schedule.sweep.target[0].retry_policy[0].maximum_retry_attempts == 0
    error_message = "The sweep must run every minute."
  }

  assert {
    condition     = aws_lambda_function_event_invoke_config.sweep.maximum_retry_attempts == 0 && aws_lambda_function_event_invoke_config.sweep.maximum_event_age_in_seconds == 60
    error_message = "Lambda must not repeat a sweep that failed: the next one comes by itself."
  }

  # --- The database: private, encrypted, backed up ---

  assert {
    condition     = aws_db_instance.main.engine == "mysql" && aws_db_instance.main.engine_version == "8.4"
    error_message = "The database must be MySQL 8.4."
  }

  assert {
    condition     = aws_db_instance.main.storage_encrypted && !aws_db_instance.main.publicly_accessible
    error_message = "The database must be encrypted and private."
  }

  assert {
    condition     = aws_db_instance.main.manage_master_user_password && aws_db_instance.main.password == null
    error_message = "RDS must make and keep the password."
  }

  assert {
    condition     = aws_db_instance.main.backup_retention_period == 7 && aws_db_instance.main.deletion_protection && !aws_db_instance.main.skip_final_snapshot
    error_message = "The database must be backed up, and hard to delete."
  }

  assert {
    condition     = contains(aws_db_parameter_group.main.parameter[*].name, "require_secure_transport")
    error_message = "Connections must be encrypted."
  }

  assert {
    condition = (
      aws_vpc_security_group_ingress_rule.database.security_group_id == "sg-database" &&
      aws_vpc_security_group_ingress_rule.database.referenced_security_group_id == "sg-functions" &&
      aws_vpc_security_group_ingress_rule.database.cidr_ipv4 == null &&
      aws_vpc_security_group_ingress_rule.database.from_port == 3306
    )
    error_message = "Only the functions may come in to the database."
  }

  # --- A function may do no more than its work ---

  assert {
    condition = jsonencode({
      for name, document in {
        sale        = data.aws_iam_policy_document.sale
        stock-inc   = data.aws_iam_policy_document.stock_inc
        stock-empty = data.aws_iam_policy_document.stock_empty
        sweep       = data.aws_iam_policy_document.sweep
        migrate     = data.aws_iam_policy_document.migrate
      } : name => { for statement in jsondecode(document.json).Statement : statement.Sid => sort(flatten([statement.Action])) }
      }) == jsonencode({
      sale = {
        ReadSecrets        = ["secretsmanager:GetSecretValue"]
        PublishShortages   = ["sns:Publish"]
        FindTopic          = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl"]
        TakeDeadLetters    = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ReceiveMessage"]
        RedriveDeadLetters = ["sqs:SendMessage"]
      }
      stock-inc = {
        ReadSecrets      = ["secretsmanager:GetSecretValue"]
        PublishShortages = ["sns:Publish"]
        FindTopic        = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl"]
      }
      stock-empty = {
        ReadSecrets  = ["secretsmanager:GetSecretValue"]
        ConsumeQueue = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ReceiveMessage"]
      }
      sweep = {
        ReadSecrets       = ["secretsmanager:GetSecretValue"]
        PublishShortages  = ["sns:Publish"]
        FindTopic         = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl"]
        SampleDeadLetters = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl"]
      }
      migrate = {
        ReadSecrets = ["secretsmanager:GetSecretValue"]
        FillSecrets = ["secretsmanager:PutSecretValue"]
      }
    })
    error_message = "A function may do something else than what is listed here."
  }

  assert {
    condition = alltrue(flatten([
      for document in [
        data.aws_iam_policy_document.sale,
        data.aws_iam_policy_document.stock_inc,
        data.aws_iam_policy_document.stock_empty,
        data.aws_iam_policy_document.sweep,
        data.aws_iam_policy_document.migrate,
      ] : [for statement in jsondecode(document.json).Statement : [for arn in flatten([statement.Resource]) : !strcontains(arn, "*")]]
    ]))
    error_message = "Every resource must be named."
  }

  # --- The API has the routes that exist, and logs no query ---

  assert {
    condition = toset(keys(aws_apigatewayv2_route.this)) == toset([
      "GET /", "POST /send", "GET /status", "GET /healthz", "GET /readyz", "GET /openapi.json", "GET /docs", "GET /docs/{proxy+}",
      "GET /api/{proxy+}", "POST /api/{proxy+}", "PATCH /api/{proxy+}", "PUT /api/{proxy+}",
      "POST /callbacks/replenishments/{id}",
    ])
    error_message = "The API must have the routes that exist, and no other."
  }

  assert {
    condition     = [for key, function in local.routes : key if function == "stock-inc"] == ["POST /callbacks/replenishments/{id}"]
    error_message = "The callback, and nothing else, leads to stock-inc."
  }

  assert {
    condition     = !strcontains(lower(aws_apigatewayv2_stage.default.access_log_settings[0].format), "query") && !strcontains(lower(aws_apigatewayv2_stage.default.access_log_settings[0].format), "header")
    error_message = "The callback's signature travels in the query: it must not be logged."
  }

  assert {
    condition     = aws_apigatewayv2_stage.default.default_route_settings[0].throttling_rate_limit == 100 && aws_apigatewayv2_stage.default.default_route_settings[0].throttling_burst_limit == 50
    error_message = "The API must be throttled."
  }

  # --- Who is called when something is wrong ---

  assert {
    condition = {
      for key, alarm in aws_cloudwatch_metric_alarm.this : key =>
      "${alarm.namespace} ${alarm.metric_name} ${join(",", [for name, value in alarm.dimensions : "${name}=${value}"])} ${alarm.statistic} ${alarm.comparison_operator} ${alarm.threshold} in ${alarm.period} s, else ${alarm.treat_missing_data}"
      } == {
      dead-letters       = "AWS/SQS ApproximateNumberOfMessagesVisible QueueName=stock-dead-letter-queue Maximum GreaterThanThreshold 0 in 60 s, else notBreaching"
      oldest-message     = "AWS/SQS ApproximateAgeOfOldestMessage QueueName=stock-queue Maximum GreaterThanThreshold 1020 in 300 s, else notBreaching"
      sweep-silent       = "AWS/Lambda Invocations FunctionName=factoauto-sweep Sum LessThanThreshold 1 in 600 s, else breaching"
      api-5xx            = "AWS/ApiGateway 5xx ApiId=api1 Sum GreaterThanThreshold 5 in 300 s, else notBreaching"
      database-storage   = "AWS/RDS FreeStorageSpace DBInstanceIdentifier=factoauto Minimum LessThanThreshold 1342177280 in 300 s, else missing"
      database-cpu       = "AWS/RDS CPUUtilization DBInstanceIdentifier=factoauto Average GreaterThanThreshold 80 in 900 s, else missing"
      sale-errors        = "AWS/Lambda Errors FunctionName=factoauto-sale Sum GreaterThanThreshold 0 in 300 s, else notBreaching"
      stock-inc-errors   = "AWS/Lambda Errors FunctionName=factoauto-stock-inc Sum GreaterThanThreshold 0 in 300 s, else notBreaching"
      stock-empty-errors = "AWS/Lambda Errors FunctionName=factoauto-stock-empty Sum GreaterThanThreshold 0 in 300 s, else notBreaching"
      sweep-errors       = "AWS/Lambda Errors FunctionName=factoauto-sweep Sum GreaterThanThreshold 0 in 300 s, else notBreaching"
      migrate-errors     = "AWS/Lambda Errors FunctionName=factoauto-migrate Sum GreaterThanThreshold 0 in 300 s, else notBreaching"
    }
    error_message = "An alarm watches something else, or from another threshold, than is listed here."
  }

  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.this : tolist(alarm.alarm_actions) == tolist(["arn:aws:sns:ap-northeast-2:123456789012:factoauto-alarms"])
    ])
    error_message = "Every alarm must be told to the topic of alarms."
  }

  # --- Logs end ---

  assert {
    condition = alltrue([
      for group in concat([aws_cloudwatch_log_group.api], values(aws_cloudwatch_log_group.database)) : group.retention_in_days == 30
    ])
    error_message = "No log is kept for ever."
  }

  # --- Nothing optional is there unless it is asked for ---

  assert {
    condition     = length(aws_lb.dashboard) == 0 && length(aws_ecs_service.container) == 0 && length(aws_ecs_cluster.main) == 0
    error_message = "There must be no container and no load balancer without an image."
  }

  assert {
    condition     = local.function_environment.FACTOAUTO_FRAME_ANCESTORS == "'self',http://127.0.0.1:*,http://localhost:*"
    error_message = "Without a dashboard only pages of one's own machine may show the API document."
  }

  assert {
    condition     = length(aws_db_proxy.main) == 0 && length(aws_nat_gateway.main) == 1
    error_message = "There must be one NAT gateway and no proxy."
  }
}

run "with_a_certificate_the_dashboard_is_reached_by_https_only" {
  command = plan

  variables {
    dashboard_image           = "example/dashboard:1"
    docs_image                = "example/docs:1"
    dashboard_certificate_arn = "arn:aws:acm:ap-northeast-2:123456789012:certificate/00000000-0000-0000-0000-000000000000"
    dashboard_domain          = "shop.example.com"
    dashboard_allowed_cidrs   = ["0.0.0.0/0"]
    dashboard_cpu             = 1024
    dashboard_memory_mb       = 2048
  }

  assert {
    condition     = output.dashboard_url == "https://shop.example.com" && output.redoc_url == "https://shop.example.com/redoc/"
    error_message = "The dashboard's and the documents' URLs must name the certificate's host."
  }

  assert {
    condition = { for key, definition in aws_ecs_task_definition.container : key => [definition.cpu, definition.memory] } == {
      dashboard = ["1024", "2048"]
      docs      = ["256", "512"]
    }
    error_message = "The dashboard must have the size that is asked for, and the others their own."
  }

  assert {
    condition     = aws_lb_listener.dashboard[0].protocol == "HTTPS" && aws_lb_listener.redirect[0].default_action[0].redirect[0].protocol == "HTTPS"
    error_message = "HTTP may only redirect to HTTPS."
  }

  assert {
    condition     = contains(split(",", local.function_environment.FACTOAUTO_FRAME_ANCESTORS), "https://shop.example.com")
    error_message = "The dashboard may not show the shop's API document."
  }

  assert {
    condition = [
      for variable in jsondecode(aws_ecs_task_definition.container["dashboard"].container_definitions)[0].environment : variable.value
      if variable.name == "FACTOAUTO_FACTORY_DOCUMENT_URL"
    ] == ["https://shop.example.com/redoc/factory"]
    error_message = "The dashboard does not find the factory's API document."
  }

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.container) == 2 && alltrue([for rule in aws_vpc_security_group_ingress_rule.container : rule.cidr_ipv4 == null])
    error_message = "Containers must be reached through the load balancer only."
  }

  assert {
    condition     = toset(aws_lb_listener_rule.docs[0].condition[*].path_pattern[0].values) == toset([toset(["/redoc", "/redoc/*"])])
    error_message = "The API documents must be served beside the dashboard."
  }
}

run "the_factory_mock_is_reached_by_the_functions_only" {
  command = plan

  variables {
    factory_url        = null
    factory_mock_image = "example/factory-mock:1"
  }

  assert {
    condition     = local.factory_url == "http://factory-mock.factoauto.internal:8001" && length(aws_lb.dashboard) == 0
    error_message = "The mock has a private name and no load balancer."
  }

  assert {
    condition     = length(aws_vpc_security_group_egress_rule.functions_factory_mock) == 1
    error_message = "The functions must be let through to the mock."
  }
}
