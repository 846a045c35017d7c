# ---------------------------------------------------------------------------------------------------
# Security groups of the containers, and the factory mock's private name
# ---------------------------------------------------------------------------------------------------

resource "aws_security_group" "container" {
  for_each = local.containers

  name_prefix = "${var.name}-${each.key}-"
  description = "Container ${each.key}: one port in, HTTPS out"
  vpc_id      = aws_vpc.main.id

  tags = { Name = "${var.name}-${each.key}" }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "container" {
  for_each = local.containers

  security_group_id            = aws_security_group.container[each.key].id
  description                  = each.key == "factory-mock" ? "Orders, from the functions" : "The load balancer"
  referenced_security_group_id = each.key == "factory-mock" ? aws_security_group.functions.id : aws_security_group.load_balancer[0].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

# The image, the log, the secrets, and the shop's API.
resource "aws_vpc_security_group_egress_rule" "container" {
  for_each = local.containers

  security_group_id = aws_security_group.container[each.key].id
  description       = "AWS and the shop's API"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

# ---------------------------------------------------------------------------------------------------
# Factory mock: only the functions find it, and only they reach it
# ---------------------------------------------------------------------------------------------------

locals {
  factory_mocks = contains(keys(local.containers), "factory-mock") ? 1 : 0
}

resource "aws_vpc_security_group_egress_rule" "functions_factory_mock" {
  count = local.factory_mocks

  security_group_id            = aws_security_group.functions.id
  description                  = "The factory mock"
  referenced_security_group_id = aws_security_group.container["factory-mock"].id
  ip_protocol                  = "tcp"
  from_port                    = local.container_ports.factory_mock
  to_port                      = local.container_ports.factory_mock
}

resource "aws_service_discovery_private_dns_namespace" "internal" {
  count = local.factory_mocks

  name        = "${var.name}.internal"
  description = "Names that only the VPC knows"
  vpc         = aws_vpc.main.id
}

resource "aws_service_discovery_service" "factory_mock" {
  count = local.factory_mocks

  name          = "factory-mock"
  force_destroy = true

  dns_config {
    namespace_id = aws_service_discovery_private_dns_namespace.internal[0].id

    dns_records {
      type = "A"
      ttl  = 10
    }
  }
}
