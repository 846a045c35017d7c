# ---------------------------------------------------------------------------------------------------
# The secrets of the application. Terraform makes the empty vessel only: the migrate function fills it
# with values of its own making, once, so that no secret is ever in a file or in Terraform's state.
# Its keys: callback_secrets, operator_token, dashboard_password; an operator may add alert_webhook_url and
# alert_webhook_secret.
# ---------------------------------------------------------------------------------------------------

resource "aws_secretsmanager_secret" "application" {
  name                    = "${var.name}/application"
  description             = "callback_secrets, operator_token, dashboard_password"
  recovery_window_in_days = var.deletion_protection ? 30 : 0
}

locals {
  application_secret_arn = aws_secretsmanager_secret.application.arn

  read_secret = "aws secretsmanager get-secret-value --region ${local.region} --secret-id ${aws_secretsmanager_secret.application.name} --query SecretString --output text"
}
