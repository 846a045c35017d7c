# What may not be asked for is refused, by name, before anything is planned.

mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = { names = ["ap-northeast-2a", "ap-northeast-2b"] }
  }

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }

  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
}

variables {
  lambda_package = "versions.tf"
  factory_url    = "https://factory.example.com"
}

run "the_world_in_two_halves_may_not_open_a_dashboard_without_a_certificate" {
  command = plan

  variables {
    dashboard_image         = "example/dashboard:1"
    dashboard_allowed_cidrs = ["0.0.0.0/1", "128.0.0.0/1"]
  }

  expect_failures = [var.dashboard_allowed_cidrs]
}

run "somebody_must_be_let_in_to_the_dashboard" {
  command = plan

  variables {
    dashboard_image = "example/dashboard:1"
  }

  expect_failures = [var.dashboard_allowed_cidrs]
}

run "wrong_values_are_named_all_at_once" {
  command = plan

  variables {
    name                      = "Shop!"
    tags                      = { "aws:owner" = "me" }
    factory_url               = "http://factory.example.com" # orders do not travel in the clear
    factory_timeout_seconds   = 0
    docs_image                = "example/docs"
    requester                 = ""
    requester_tel             = "01234567890123456789012345678901234567890"
    overdue_seconds           = 1
    max_purchase_quantity     = 0
    topic_name                = "a topic"
    queue_name                = "q.fifo"
    consumer_concurrency      = 1
    lambda_package            = "nowhere.zip"
    lambda_memory_mb          = 64
    sale_reserved_concurrency = 0
    api_rate_limit            = 0
    api_burst_limit           = 0
    log_level                 = "LOUD"
    log_retention_days        = 2
    alarm_email               = "nobody"
  }

  expect_failures = [
    var.name, var.tags, var.factory_url, var.factory_timeout_seconds, var.docs_image, var.requester, var.requester_tel, var.overdue_seconds,
    var.max_purchase_quantity, var.topic_name, var.queue_name, var.consumer_concurrency,
    var.lambda_package, var.lambda_memory_mb, var.sale_reserved_concurrency, var.api_rate_limit, var.api_burst_limit,
    var.log_level, var.log_retention_days, var.alarm_email,
  ]
}

run "wrong_values_of_data_and_containers_too" {
  command = plan

  variables {
    vpc_cidr                       = "10.0.0.0/28"
    database_instance_class        = "micro"
    database_storage_gb            = 1
    database_backup_days           = 0
    database_ca_file               = "ca.pem"
    dashboard_image                = "no tag"
    factory_mock_image             = "example/factory-mock"
    factory_mock_lead_time_seconds = -1
    container_architecture         = "MIPS"
    dashboard_certificate_arn      = "certificate"
    dashboard_cpu                  = 300
  }

  expect_failures = [
    var.vpc_cidr, var.database_instance_class, var.database_storage_gb, var.database_backup_days, var.database_ca_file,
    var.dashboard_image, var.factory_mock_image, var.factory_mock_lead_time_seconds, var.container_architecture, var.dashboard_certificate_arn, var.dashboard_cpu,
  ]
}

run "and_what_depends_on_another_variable" {
  command = plan

  variables {
    dead_letter_queue_name  = "stock-queue"
    database_storage_gb     = 100
    database_max_storage_gb = 100
    docs_image              = "example/docs:1"
    factory_mock_image      = "example/factory-mock:1" # beside the factory_url above
    dashboard_domain        = "shop.example.com"
    dashboard_allowed_cidrs = ["everybody"]
  }

  expect_failures = [
    var.dead_letter_queue_name, var.database_max_storage_gb, var.docs_image, var.factory_url, var.dashboard_domain, var.dashboard_allowed_cidrs,
  ]
}

run "and_what_aws_would_refuse_in_the_midst_of_an_apply" {
  command = plan

  variables {
    name                    = "internal-shop"
    factory_url             = "https://factory.example.com:65536"
    vpc_cidr                = "10.20.1.0/16"
    database_storage_gb     = 100
    database_max_storage_gb = 109
    dashboard_allowed_cidrs = ["203.0.113.7/24"]
    dashboard_cpu           = 512
    dashboard_memory_mb     = 512
  }

  expect_failures = [var.name, var.factory_url, var.vpc_cidr, var.database_max_storage_gb, var.dashboard_allowed_cidrs, var.dashboard_memory_mb]
}

run "but_not_what_it_just_takes" {
  command = plan

  variables {
    name                    = "shop--two"
    factory_url             = "https://factory.example.com:65535"
    database_storage_gb     = 100
    database_max_storage_gb = 110
    dashboard_allowed_cidrs = ["203.0.113.7/32", "203.0.113.7/32"]
  }

  expect_failures = [var.name, var.dashboard_allowed_cidrs]
}
