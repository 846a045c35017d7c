# ---------------------------------------------------------------------------------------------------
# The five functions: one package, one environment, a role for each.
# ---------------------------------------------------------------------------------------------------

locals {
  functions = {
    sale = {
      description          = "Sells, and publishes what ran short: the shop's API"
      timeout_seconds      = local.api_timeout_seconds
      reserved_concurrency = var.sale_reserved_concurrency
      policy               = data.aws_iam_policy_document.sale.json
    }
    stock-inc = {
      description          = "Receives the factory's deliveries: the callback"
      timeout_seconds      = local.api_timeout_seconds
      reserved_concurrency = -1
      policy               = data.aws_iam_policy_document.stock_inc.json
    }
    stock-empty = {
      description          = "Orders from the factory what stock-queue says is short"
      timeout_seconds      = local.consumer_timeout_seconds
      reserved_concurrency = -1
      policy               = data.aws_iam_policy_document.stock_empty.json
    }
    sweep = {
      description          = "Publishes leftovers, asks again for late orders, samples the queues"
      timeout_seconds      = local.sweep_timeout_seconds
      reserved_concurrency = -1
      policy               = data.aws_iam_policy_document.sweep.json
    }
  }

  function_environment = {
    FACTOAUTO_DATABASE_SECRET_ARN     = local.database_secret_arn
    FACTOAUTO_DATABASE_HOST           = local.database_host
    FACTOAUTO_DATABASE_PORT           = tostring(local.database_port)
    FACTOAUTO_DATABASE_NAME           = local.database_name
    FACTOAUTO_DATABASE_CA_FILE        = var.database_ca_file
    FACTOAUTO_SECRETS_ARN             = local.application_secret_arn
    FACTOAUTO_TOPIC_NAME              = var.topic_name
    FACTOAUTO_QUEUE_NAME              = var.queue_name
    FACTOAUTO_DEAD_LETTER_QUEUE_NAME  = var.dead_letter_queue_name
    FACTOAUTO_FACTORY_URL             = local.factory_url
    FACTOAUTO_FACTORY_TIMEOUT_SECONDS = tostring(var.factory_timeout_seconds)
    FACTOAUTO_PUBLIC_URL              = local.public_url
    FACTOAUTO_FRAME_ANCESTORS         = join(",", compact(["'self'", "http://127.0.0.1:*", "http://localhost:*", local.dashboard_url]))
    FACTOAUTO_REQUESTER               = var.requester
    FACTOAUTO_REQUESTER_TEL           = var.requester_tel
    FACTOAUTO_MAX_PURCHASE_QUANTITY   = tostring(var.max_purchase_quantity)
    FACTOAUTO_FORGOTTEN_SECONDS       = tostring(local.forgotten_after_seconds)
    FACTOAUTO_OVERDUE_SECONDS         = tostring(var.overdue_seconds)
    FACTOAUTO_LOG_LEVEL               = var.log_level
    FACTOAUTO_SIMULATOR               = "0"
    POWERTOOLS_METRICS_NAMESPACE      = "FactoAuto"
  }
}

module "functions" {
  source   = "./modules/lambda"
  for_each = local.functions

  name                 = "${var.name}-${each.key}"
  arn                  = "${local.function_arn_prefix}${each.key}"
  description          = each.value.description
  package              = var.lambda_package
  handler              = "backend.entrypoints.lambdas.${replace(each.key, "-", "_")}"
  timeout_seconds      = each.value.timeout_seconds
  memory_mb            = var.lambda_memory_mb
  reserved_concurrency = each.value.reserved_concurrency
  environment          = merge(local.function_environment, { POWERTOOLS_SERVICE_NAME = each.key })
  policy               = each.value.policy
  subnet_ids           = [for subnet in aws_subnet.private : subnet.id]
  security_group_ids   = [aws_security_group.functions.id]
  log_retention_days   = var.log_retention_days

  # New code goes live only after the tables that it needs are there.
  depends_on = [aws_lambda_invocation.migrate]
}

# ---------------------------------------------------------------------------------------------------
# Migration: invoked by the apply, again with each new package. Running it twice changes nothing.
# ---------------------------------------------------------------------------------------------------

module "migrate" {
  source = "./modules/lambda"

  name               = "${var.name}-migrate"
  arn                = "${local.function_arn_prefix}migrate"
  description        = "Makes the secrets once, and brings the tables up to date"
  package            = var.lambda_package
  handler            = "backend.entrypoints.lambdas.migrate"
  timeout_seconds    = 300
  memory_mb          = var.lambda_memory_mb
  environment        = merge(local.function_environment, { POWERTOOLS_SERVICE_NAME = "migrate" })
  policy             = data.aws_iam_policy_document.migrate.json
  subnet_ids         = [for subnet in aws_subnet.private : subnet.id]
  security_group_ids = [aws_security_group.functions.id]
  log_retention_days = var.log_retention_days
}

resource "aws_lambda_invocation" "migrate" {
  function_name = module.migrate.name
  input         = jsonencode({ demo_shop = var.demo_shop })

  triggers = {
    package = filebase64sha256(var.lambda_package)
  }

  # The function's ways to the database and to Secrets Manager.
  depends_on = [
    aws_route.private_out,
    aws_route.public_out,
    aws_route_table_association.private,
    aws_route_table_association.public,
    aws_vpc_security_group_egress_rule.functions_database,
    aws_vpc_security_group_egress_rule.functions_https,
    aws_vpc_security_group_ingress_rule.database,
    aws_db_proxy_target.main,
    aws_iam_role_policy.proxy,
    aws_vpc_security_group_egress_rule.proxy,
    aws_vpc_security_group_ingress_rule.proxy,
  ]
}
