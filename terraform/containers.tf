# ---------------------------------------------------------------------------------------------------
# Dashboard, API documents and factory mock on ECS Fargate, in the private subnets. They talk HTTP to
# the backend and nothing else, so their tasks have no role in AWS.
# ---------------------------------------------------------------------------------------------------

locals {
  container_ports   = { dashboard = 8501, docs = 8080, factory_mock = 8001 }
  factory_mock_host = "factory-mock.${var.name}.internal"

  possible_containers = {
    dashboard = {
      image = var.dashboard_image
      port  = local.container_ports.dashboard
      environment = {
        FACTOAUTO_HOST           = "0.0.0.0"
        FACTOAUTO_DASHBOARD_PORT = tostring(local.container_ports.dashboard)
        FACTOAUTO_BACKEND_URL    = local.public_url
        FACTOAUTO_PUBLIC_URL     = local.public_url
        FACTOAUTO_SIMULATOR      = "0"
      }
      # Without its password the task does not even start: the dashboard is never open to the world.
      secrets = {
        FACTOAUTO_DASHBOARD_PASSWORD = "dashboard_password"
        FACTOAUTO_OPERATOR_TOKEN     = "operator_token"
      }
    }
    docs = {
      image       = var.docs_image
      port        = local.container_ports.docs
      environment = {}
      secrets     = {}
    }
    factory-mock = {
      image = var.factory_mock_image
      port  = local.container_ports.factory_mock
      environment = {
        FACTOAUTO_HOST              = "0.0.0.0"
        FACTOAUTO_FACTORY_PORT      = tostring(local.container_ports.factory_mock)
        FACTOAUTO_LEAD_TIME_SECONDS = tostring(var.factory_mock_lead_time_seconds)
        FACTOAUTO_CALLBACK_HOSTS    = trimprefix(local.public_url, "https://")
      }
      secrets = {} # nobody is an operator of it: its fault switches stay shut
    }
  }

  containers = { for key, container in local.possible_containers : key => container if container.image != null }
}

resource "aws_ecs_cluster" "main" {
  count = length(local.containers) > 0 ? 1 : 0

  name = var.name

  setting {
    name  = "containerInsights"
    value = "disabled" # its metrics cost more than the containers
  }
}

resource "aws_cloudwatch_log_group" "container" {
  for_each = local.containers

  name              = "/aws/ecs/${var.name}/${each.key}"
  retention_in_days = var.log_retention_days
}

resource "aws_ecs_task_definition" "container" {
  for_each = local.containers

  family                   = "${var.name}-${each.key}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = each.key == "dashboard" ? var.dashboard_cpu : 256
  memory                   = each.key == "dashboard" ? var.dashboard_memory_mb : 512
  execution_role_arn       = aws_iam_role.execution[each.key].arn

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.container_architecture
  }

  container_definitions = jsonencode([{
    name         = each.key
    image        = each.value.image
    essential    = true
    portMappings = [{ containerPort = each.value.port, hostPort = each.value.port, protocol = "tcp" }]
    environment = [
      for name, value in merge(each.value.environment, each.key == "dashboard" ? local.dashboard_documents : {}) :
      { name = name, value = value }
    ]
    secrets = [for name, key in each.value.secrets : { name = name, valueFrom = "${local.application_secret_arn}:${key}::" }]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.container[each.key].name
        awslogs-region        = local.region
        awslogs-stream-prefix = each.key
      }
    }
  }])
}

resource "aws_ecs_service" "container" {
  for_each = local.containers

  name            = each.key
  cluster         = aws_ecs_cluster.main[0].id
  task_definition = aws_ecs_task_definition.container[each.key].arn
  desired_count   = 1
  launch_type     = "FARGATE"

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets         = [for subnet in aws_subnet.private : subnet.id]
    security_groups = [aws_security_group.container[each.key].id]
  }

  dynamic "load_balancer" {
    for_each = contains(keys(local.balanced), each.key) ? [each.key] : []

    content {
      target_group_arn = aws_lb_target_group.container[each.key].arn
      container_name   = each.key
      container_port   = each.value.port
    }
  }

  dynamic "service_registries" {
    for_each = each.key == "factory-mock" ? [each.key] : []

    content {
      registry_arn = aws_service_discovery_service.factory_mock[0].arn
    }
  }

  # The secrets are filled by the migration; a target group must hang on a listener first.
  depends_on = [aws_lambda_invocation.migrate, aws_lb_listener.dashboard, aws_lb_listener_rule.docs, aws_iam_role_policy.execution]
}

# ---------------------------------------------------------------------------------------------------
# Roles with which ECS starts the tasks: pull the image, write the log, read what the container is given
# ---------------------------------------------------------------------------------------------------

data "aws_iam_policy_document" "execution_assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

data "aws_iam_policy_document" "execution" {
  for_each = local.containers

  statement {
    sid       = "LogInToRegistry" # knows no narrower resource
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  statement {
    sid       = "PullImage"
    actions   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    resources = [aws_ecr_repository.image[each.key].arn]
  }

  statement {
    sid       = "WriteOwnLog"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.container[each.key].arn}:*"]
  }

  dynamic "statement" {
    for_each = length(each.value.secrets) > 0 ? ["secrets"] : []

    content {
      sid       = "ReadSecrets"
      actions   = ["secretsmanager:GetSecretValue"]
      resources = [local.application_secret_arn]
    }
  }
}

resource "aws_iam_role" "execution" {
  for_each = local.containers

  name_prefix        = "${var.name}-${each.key}-"
  description        = "ECS starts the container ${each.key}"
  assume_role_policy = data.aws_iam_policy_document.execution_assume.json
}

resource "aws_iam_role_policy" "execution" {
  for_each = local.containers

  name   = "start"
  role   = aws_iam_role.execution[each.key].id
  policy = data.aws_iam_policy_document.execution[each.key].json
}
