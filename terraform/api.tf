# ---------------------------------------------------------------------------------------------------
# HTTP API: only the routes that exist, throttled, logged without the query (the callback's signature
# travels there).
# ---------------------------------------------------------------------------------------------------

locals {
  routes = {
    "GET /"                               = "sale"
    "POST /send"                          = "sale"
    "GET /status"                         = "sale"
    "GET /api/{proxy+}"                   = "sale"
    "POST /api/{proxy+}"                  = "sale"
    "PATCH /api/{proxy+}"                 = "sale"
    "PUT /api/{proxy+}"                   = "sale"
    "GET /healthz"                        = "sale"
    "GET /readyz"                         = "sale"
    "GET /openapi.json"                   = "sale"
    "GET /docs"                           = "sale"
    "GET /docs/{proxy+}"                  = "sale"
    "POST /callbacks/replenishments/{id}" = "stock-inc"
  }
  api_functions = toset(values(local.routes))
}

resource "aws_apigatewayv2_api" "shop" {
  name          = var.name
  description   = "Purchases, and the factory's deliveries"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_integration" "function" {
  for_each = local.api_functions

  api_id                 = aws_apigatewayv2_api.shop.id
  integration_type       = "AWS_PROXY"
  integration_method     = "POST"
  integration_uri        = module.functions[each.key].invoke_arn
  payload_format_version = "2.0"
  timeout_milliseconds   = local.functions[each.key].timeout_seconds * 1000
}

resource "aws_apigatewayv2_route" "this" {
  for_each = local.routes

  api_id    = aws_apigatewayv2_api.shop.id
  route_key = each.key
  target    = "integrations/${aws_apigatewayv2_integration.function[each.value].id}"
}

# API Gateway may call a function only on the routes that lead to it.
resource "aws_lambda_permission" "route" {
  for_each = local.routes

  statement_id  = trim(replace(each.key, "/[^A-Za-z0-9]+/", "-"), "-")
  action        = "lambda:InvokeFunction"
  function_name = module.functions[each.value].name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.shop.execution_arn}/*/${replace(replace(each.key, " /", "/"), "/\\{[^}]*\\}/", "*")}"
}

# ---------------------------------------------------------------------------------------------------
# Stage
# ---------------------------------------------------------------------------------------------------

resource "aws_cloudwatch_log_group" "api" {
  name              = "/aws/vendedlogs/apigateway/${var.name}" # the prefix keeps its delivery policy short
  retention_in_days = var.log_retention_days
}

resource "aws_apigatewayv2_stage" "default" {
  api_id      = aws_apigatewayv2_api.shop.id
  name        = "$default"
  auto_deploy = true

  default_route_settings {
    throttling_rate_limit    = var.api_rate_limit
    throttling_burst_limit   = var.api_burst_limit
    detailed_metrics_enabled = false
  }

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.api.arn

    # $context.path has no query; nothing that has one, nor a header, is named here.
    format = jsonencode({
      request_id        = "$context.requestId"
      time              = "$context.requestTime"
      ip                = "$context.identity.sourceIp"
      method            = "$context.httpMethod"
      path              = "$context.path"
      route             = "$context.routeKey"
      status            = "$context.status"
      response_bytes    = "$context.responseLength"
      latency_ms        = "$context.responseLatency"
      integration_ms    = "$context.integrationLatency"
      integration_error = "$context.integrationErrorMessage"
    })
  }
}
