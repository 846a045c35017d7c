# ---------------------------------------------------------------------------------------------------
# RDS Proxy, off unless asked for: it keeps the connections to the database, and is meant to carry the
# functions over a failover. Whether they share connections has not been seen: each function sets variables
# of its session, and where RDS Proxy pins a session for that, it has a connection to itself.
# ---------------------------------------------------------------------------------------------------

locals {
  proxies = var.database_proxy ? 1 : 0
}

resource "aws_db_proxy" "main" {
  count = local.proxies

  name                   = var.name
  engine_family          = "MYSQL"
  role_arn               = aws_iam_role.proxy[0].arn
  vpc_subnet_ids         = [for subnet in aws_subnet.database : subnet.id]
  vpc_security_group_ids = [aws_security_group.database.id]
  require_tls            = true
  idle_client_timeout    = 2100 # longer than the functions keep a connection unused (pool_recycle), or they would find it closed

  auth {
    auth_scheme               = "SECRETS"
    client_password_auth_type = "MYSQL_CACHING_SHA2_PASSWORD"
    iam_auth                  = "DISABLED"
    secret_arn                = local.database_secret_arn
  }
}

resource "aws_db_proxy_default_target_group" "main" {
  count = local.proxies

  db_proxy_name = aws_db_proxy.main[0].name

  connection_pool_config {
    max_connections_percent   = 90
    connection_borrow_timeout = 5
  }
}

resource "aws_db_proxy_target" "main" {
  count = local.proxies

  db_proxy_name          = aws_db_proxy.main[0].name
  target_group_name      = aws_db_proxy_default_target_group.main[0].name
  db_instance_identifier = aws_db_instance.main.identifier
}

# The proxy carries the database's own security group: what lets the functions in to the database lets
# them in to the proxy, and two rules let it go on to the database.
resource "aws_vpc_security_group_ingress_rule" "proxy" {
  count = local.proxies

  security_group_id            = aws_security_group.database.id
  description                  = "RDS Proxy"
  referenced_security_group_id = aws_security_group.database.id
  ip_protocol                  = "tcp"
  from_port                    = local.database_port
  to_port                      = local.database_port
}

resource "aws_vpc_security_group_egress_rule" "proxy" {
  count = local.proxies

  security_group_id            = aws_security_group.database.id
  description                  = "RDS Proxy, to the database"
  referenced_security_group_id = aws_security_group.database.id
  ip_protocol                  = "tcp"
  from_port                    = local.database_port
  to_port                      = local.database_port
}

resource "aws_iam_role" "proxy" {
  count = local.proxies

  name_prefix        = "${var.name}-proxy-"
  description        = "RDS Proxy reads the database's password"
  assume_role_policy = data.aws_iam_policy_document.proxy_assume.json
}

resource "aws_iam_role_policy" "proxy" {
  count = local.proxies

  name   = "password"
  role   = aws_iam_role.proxy[0].id
  policy = data.aws_iam_policy_document.database_password.json
}

data "aws_iam_policy_document" "proxy_assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["rds.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "database_password" {
  statement {
    sid       = "ReadDatabasePassword"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [local.database_secret_arn]
  }
}
