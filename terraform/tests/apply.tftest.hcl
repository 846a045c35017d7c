# A mocked apply: what is only known once AWS has answered.

mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/mock" }
  }

  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:ap-northeast-2:123456789012:mock" }
  }

  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:ap-northeast-2:123456789012:mock" }
  }

  mock_resource "aws_lambda_function" {
    defaults = {
      arn        = "arn:aws:lambda:ap-northeast-2:123456789012:function:mock"
      invoke_arn = "arn:aws:apigateway:ap-northeast-2:lambda:path/2015-03-31/functions/arn:aws:lambda:ap-northeast-2:123456789012:function:mock/invocations"
    }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:ap-northeast-2:123456789012:log-group:mock" }
  }

  mock_resource "aws_lb" {
    defaults = { arn = "arn:aws:elasticloadbalancing:ap-northeast-2:123456789012:loadbalancer/app/mock/1", dns_name = "mock.elb.amazonaws.com" }
  }

  mock_resource "aws_lb_listener" {
    defaults = { arn = "arn:aws:elasticloadbalancing:ap-northeast-2:123456789012:listener/app/mock/1/1" }
  }

  mock_resource "aws_lb_target_group" {
    defaults = { arn = "arn:aws:elasticloadbalancing:ap-northeast-2:123456789012:targetgroup/mock/1" }
  }

  mock_resource "aws_ecs_cluster" {
    defaults = { id = "arn:aws:ecs:ap-northeast-2:123456789012:cluster/mock", arn = "arn:aws:ecs:ap-northeast-2:123456789012:cluster/mock" }
  }

  mock_resource "aws_ecs_task_definition" {
    defaults = { arn = "arn:aws:ecs:ap-northeast-2:123456789012:task-definition/mock:1" }
  }

  mock_resource "aws_ecr_repository" {
    defaults = { arn = "arn:aws:ecr:ap-northeast-2:123456789012:repository/mock" }
  }

  mock_resource "aws_service_discovery_service" {
    defaults = { arn = "arn:aws:servicediscovery:ap-northeast-2:123456789012:service/mock" }
  }

  mock_resource "aws_secretsmanager_secret" {
    defaults = { arn = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:mock" }
  }

  mock_resource "aws_apigatewayv2_api" {
    defaults = {
      api_endpoint  = "https://mock.execute-api.ap-northeast-2.amazonaws.com"
      execution_arn = "arn:aws:execute-api:ap-northeast-2:123456789012:mock"
    }
  }

  mock_resource "aws_db_instance" {
    defaults = {
      address            = "mock.rds.amazonaws.com"
      master_user_secret = [{ secret_arn = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:rds!db-mock", kms_key_id = "mock", secret_status = "active" }]
    }
  }

  mock_resource "aws_db_proxy_default_target_group" {
    defaults = { name = "default" }
  }

  mock_resource "aws_db_proxy" {
    defaults = { endpoint = "mock.proxy.rds.amazonaws.com" }
  }

  mock_data "aws_availability_zones" {
    defaults = { names = ["ap-northeast-2a", "ap-northeast-2b"] }
  }

  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_region" {
    defaults = { name = "ap-northeast-2" }
  }
}

variables {
  lambda_package          = "versions.tf"
  factory_mock_image      = "example/factory-mock:1"
  dashboard_image         = "example/dashboard:1"
  docs_image              = "example/docs:1"
  dashboard_allowed_cidrs = ["203.0.113.0/24"]
}

run "the_outputs_say_what_to_call_and_the_functions_where_everything_is" {
  assert {
    condition     = output.purchase_url == "https://mock.execute-api.ap-northeast-2.amazonaws.com/send"
    error_message = "The purchase URL is wrong."
  }

  assert {
    condition     = output.callback_base_url == "https://mock.execute-api.ap-northeast-2.amazonaws.com/callbacks/replenishments"
    error_message = "The callback's base URL is wrong."
  }

  assert {
    condition     = output.dashboard_url == "http://mock.elb.amazonaws.com"
    error_message = "The dashboard's URL is wrong."
  }

  assert {
    condition     = output.redoc_url == "http://mock.elb.amazonaws.com/redoc/"
    error_message = "The documents' URL is wrong."
  }

  assert {
    condition     = startswith(output.try_it, "curl -X POST https://mock.execute-api.ap-northeast-2.amazonaws.com/send ")
    error_message = "The curl to try is wrong."
  }

  assert {
    condition = local.function_environment.FACTOAUTO_DATABASE_HOST == "mock.rds.amazonaws.com" && (
      local.function_environment.FACTOAUTO_DATABASE_SECRET_ARN == "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:rds!db-mock"
    )
    error_message = "The functions do not find the database."
  }

  assert {
    condition     = contains(split(",", local.function_environment.FACTOAUTO_FRAME_ANCESTORS), "http://mock.elb.amazonaws.com")
    error_message = "The dashboard may not show the shop's API document."
  }

  assert {
    condition     = jsondecode(aws_lambda_invocation.migrate.input).demo_shop && aws_lambda_invocation.migrate.function_name == "factoauto-migrate"
    error_message = "The migration is not invoked as it should be."
  }

  assert {
    condition     = aws_lambda_permission.route["POST /callbacks/replenishments/{id}"].source_arn == "arn:aws:execute-api:ap-northeast-2:123456789012:mock/*/POST/callbacks/replenishments/*"
    error_message = "The callback route may not invoke its function."
  }

  assert {
    condition = alltrue([
      for definition in aws_ecs_task_definition.container : alltrue([
        for variable in jsondecode(definition.container_definitions)[0].environment : !can(regex("TOKEN|PASSWORD|SECRET", variable.name))
      ])
    ])
    error_message = "A container gets its secrets by reference only."
  }

  assert {
    condition = jsondecode(aws_ecs_task_definition.container["dashboard"].container_definitions)[0].secrets == [
      { name = "FACTOAUTO_DASHBOARD_PASSWORD", valueFrom = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:mock:dashboard_password::" },
      { name = "FACTOAUTO_OPERATOR_TOKEN", valueFrom = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:mock:operator_token::" },
    ]
    error_message = "The dashboard must never start without a password."
  }
}

run "the_private_subnets_have_one_way_out_and_the_database_none" {
  assert {
    condition = alltrue([
      for route in aws_route.private_out : route.nat_gateway_id == aws_nat_gateway.main["ap-northeast-2a"].id && route.destination_cidr_block == "0.0.0.0/0"
    ]) && length(aws_route.private_out) == 2
    error_message = "Both private subnets must go out through the one NAT gateway."
  }

  assert {
    condition     = aws_nat_gateway.main["ap-northeast-2a"].subnet_id == aws_subnet.public["ap-northeast-2a"].id && aws_route.public_out.gateway_id == aws_internet_gateway.main.id
    error_message = "The NAT gateway must stand in a public subnet."
  }

  assert {
    condition = length(setintersection(
      toset(concat(values(aws_route_table_association.private)[*].subnet_id, values(aws_route_table_association.public)[*].subnet_id)),
      toset(values(aws_subnet.database)[*].id),
    )) == 0
    error_message = "The database's subnets must have no way out."
  }

  assert {
    condition     = aws_scheduler_schedule.sweep.target[0].arn == module.functions["sweep"].arn && aws_scheduler_schedule.sweep.target[0].role_arn == aws_iam_role.scheduler.arn
    error_message = "The schedule must invoke the sweep."
  }
}

run "with_a_gateway_in_each_zone_each_private_subnet_uses_its_own" {
  variables {
    nat_gateway_per_zone = true
  }

  assert {
    condition     = alltrue([for zone, route in aws_route.private_out : route.nat_gateway_id == aws_nat_gateway.main[zone].id])
    error_message = "The loss of a zone must leave the other its way out."
  }
}

run "with_a_proxy_the_functions_connect_to_it" {
  variables {
    database_proxy = true
  }

  assert {
    condition     = local.function_environment.FACTOAUTO_DATABASE_HOST == "mock.proxy.rds.amazonaws.com"
    error_message = "The functions go past the proxy."
  }

  assert {
    condition     = aws_db_proxy.main[0].idle_client_timeout > 1800 && aws_db_proxy.main[0].require_tls
    error_message = "The proxy must keep a connection longer than the functions do (pool_recycle), and take none in the clear."
  }
}
