# ---------------------------------------------------------------------------------------------------
# What to call
# ---------------------------------------------------------------------------------------------------

output "purchase_url" {
  description = "Where customers buy."
  value       = "${local.public_url}/send"
}

output "callback_base_url" {
  description = "Below this the factory delivers; each order carries its own complete URL."
  value       = "${local.public_url}/callbacks/replenishments"
}

output "api_docs_url" {
  description = "The shop's API document in ReDoc."
  value       = "${local.public_url}/docs"
}

output "try_it" {
  description = "A purchase from the demo shop."
  value       = "curl -X POST ${local.public_url}/send -H 'content-type: application/json' -d '{\"MessageAttributeProductId\":\"CP-502101\"}'"
}

output "dashboard_url" {
  description = "The dashboard; null when there is none."
  value       = local.dashboard_url
}

output "redoc_url" {
  description = "Both API documents, the shop's and the factory's, in ReDoc beside the dashboard; null when there are none."
  value       = contains(keys(local.balanced), "docs") ? "${local.dashboard_url}/redoc/" : null
}

output "dashboard_load_balancer" {
  description = "Name that dashboard_domain must point to (CNAME or alias); null when there is no dashboard."
  value       = one(aws_lb.dashboard[*].dns_name)
}

# ---------------------------------------------------------------------------------------------------
# How to read the secrets: a command, never a value
# ---------------------------------------------------------------------------------------------------

output "operator_token_command" {
  description = "Prints the operator's token, the newest if there are several."
  value       = "${local.read_secret} | python3 -c 'import json, sys; print(json.load(sys.stdin)[\"operator_token\"].split(\",\")[0].split(\":\")[-1])'"
}

output "dashboard_password_command" {
  description = "Prints the dashboard's password."
  value       = "${local.read_secret} | python3 -c 'import json, sys; print(json.load(sys.stdin)[\"dashboard_password\"])'"
}

output "secret_name" {
  description = "Name of the secret that holds callback_secrets, operator_token and dashboard_password."
  value       = aws_secretsmanager_secret.application.name
}

# ---------------------------------------------------------------------------------------------------
# Names, for scripts
# ---------------------------------------------------------------------------------------------------

output "function_names" {
  description = "Name of each function: sale, stock-inc, stock-empty, sweep, migrate."
  value       = local.function_names
}

output "topic_arn" {
  description = "ARN of the topic on which shortages are published."
  value       = aws_sns_topic.stock_empty.arn
}

output "queue_url" {
  description = "URL of the queue from which orders are made."
  value       = aws_sqs_queue.stock.url
}

output "dead_letter_queue_url" {
  description = "URL of the queue for what failed four times."
  value       = aws_sqs_queue.dead_letter.url
}

output "event_source_mapping_id" {
  description = "Id of the mapping that feeds the queue to the stock-empty function; disable it to pause orders."
  value       = aws_lambda_event_source_mapping.stock_queue.uuid
}

output "alarm_topic_arn" {
  description = "ARN of the topic that alarms are published on."
  value       = aws_sns_topic.alarms.arn
}

output "registries" {
  description = "Where to push the images of dashboard, docs and factory-mock."
  value       = { for key, repository in aws_ecr_repository.image : key => repository.repository_url }
}

output "migration" {
  description = "What the migrate function answered to this apply."
  value       = aws_lambda_invocation.migrate.result
}
