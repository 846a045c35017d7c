# ---------------------------------------------------------------------------------------------------
# RDS MySQL 8.4: private, encrypted, backed up; RDS makes, keeps and rotates the password.
# ---------------------------------------------------------------------------------------------------

locals {
  database_port = 3306
  database_name = "factoauto"
  # What the functions connect to.
  database_host = var.database_proxy ? aws_db_proxy.main[0].endpoint : aws_db_instance.main.address

  database_secret_arn = aws_db_instance.main.master_user_secret[0].secret_arn
  database_logs       = ["error", "slowquery"]
}

resource "aws_db_subnet_group" "main" {
  name_prefix = "${var.name}-"
  description = "Subnets without a way out"
  subnet_ids  = [for subnet in aws_subnet.database : subnet.id]
}

resource "aws_security_group" "database" {
  name_prefix = "${var.name}-database-"
  description = "The database: only the functions come in"
  vpc_id      = aws_vpc.main.id

  tags = { Name = "${var.name}-database" }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  security_group_id            = aws_security_group.database.id
  description                  = "The functions"
  referenced_security_group_id = aws_security_group.functions.id
  ip_protocol                  = "tcp"
  from_port                    = local.database_port
  to_port                      = local.database_port
}

resource "aws_db_parameter_group" "main" {
  name_prefix = "${var.name}-"
  description = "TLS only, durable, READ COMMITTED, slow statements logged"
  family      = "mysql8.4"

  parameter {
    name  = "require_secure_transport"
    value = "1"
  }

  dynamic "parameter" {
    for_each = {
      innodb_flush_log_at_trx_commit = "1" # durability is never traded for speed
      transaction_isolation          = "READ-COMMITTED"
      slow_query_log                 = "1"
      long_query_time                = "1"
      log_output                     = "FILE"
    }

    content {
      name  = parameter.key
      value = parameter.value
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

# RDS would make the groups itself, and keep the logs for ever.
resource "aws_cloudwatch_log_group" "database" {
  for_each = toset(local.database_logs)

  name              = "/aws/rds/instance/${var.name}/${each.key}"
  retention_in_days = var.log_retention_days
}

resource "aws_db_instance" "main" {
  identifier     = var.name
  engine         = "mysql"
  engine_version = "8.4"
  instance_class = var.database_instance_class

  db_name                     = local.database_name
  username                    = "factoauto"
  manage_master_user_password = true

  storage_type          = "gp3"
  allocated_storage     = var.database_storage_gb
  max_allocated_storage = var.database_max_storage_gb
  storage_encrypted     = true

  multi_az               = var.database_multi_az
  db_subnet_group_name   = aws_db_subnet_group.main.name
  vpc_security_group_ids = [aws_security_group.database.id]
  parameter_group_name   = aws_db_parameter_group.main.name
  publicly_accessible    = false

  backup_retention_period   = var.database_backup_days
  backup_window             = "18:00-18:30" # 03:00 in Korea
  maintenance_window        = "sun:19:00-sun:19:30"
  copy_tags_to_snapshot     = true
  deletion_protection       = var.deletion_protection
  delete_automated_backups  = !var.database_final_snapshot
  skip_final_snapshot       = !var.database_final_snapshot
  final_snapshot_identifier = var.database_final_snapshot ? "${var.name}-final" : null

  auto_minor_version_upgrade      = true
  enabled_cloudwatch_logs_exports = local.database_logs

  depends_on = [aws_cloudwatch_log_group.database]
}
