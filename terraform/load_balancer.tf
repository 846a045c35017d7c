# ---------------------------------------------------------------------------------------------------
# Load balancer of the dashboard, with the API documents below /redoc/ beside it. HTTPS when there is a
# certificate; without one, only for the few ranges that variables_containers.tf lets through.
# ---------------------------------------------------------------------------------------------------

locals {
  load_balancers = var.dashboard_image == null ? 0 : 1
  has_https      = var.dashboard_certificate_arn != null

  possibly_balanced = {
    dashboard = { health_path = "/_stcore/health" }
    docs      = { health_path = "/redoc/" }
  }
  balanced = { for key, target in local.possibly_balanced : key => target if contains(keys(local.containers), key) }

  dashboard_url = local.load_balancers == 0 ? null : local.has_https ? "https://${var.dashboard_domain}" : "http://${aws_lb.dashboard[0].dns_name}"

  # The factory's document, which the dashboard shows: the partner's API is not asked for it.
  dashboard_documents = contains(keys(local.balanced), "docs") ? {
    FACTOAUTO_FACTORY_DOCUMENT_URL = "${local.dashboard_url}/redoc/factory"
  } : {}

  # Port 80 stays open beside HTTPS only to send a browser there.
  load_balancer_doors = local.load_balancers == 0 ? {} : {
    for door in setproduct(var.dashboard_allowed_cidrs, local.has_https ? [80, 443] : [80]) :
    "${door[0]} ${door[1]}" => { cidr = door[0], port = door[1] }
  }
}

resource "aws_security_group" "load_balancer" {
  count = local.load_balancers

  name_prefix = "${var.name}-load-balancer-"
  description = "Load balancer: the allowed ranges in, the containers out"
  vpc_id      = aws_vpc.main.id

  tags = { Name = "${var.name}-load-balancer" }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "load_balancer" {
  for_each = local.load_balancer_doors

  security_group_id = aws_security_group.load_balancer[0].id
  description       = "A browser"
  cidr_ipv4         = each.value.cidr
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
}

resource "aws_vpc_security_group_egress_rule" "load_balancer" {
  for_each = local.balanced

  security_group_id            = aws_security_group.load_balancer[0].id
  description                  = "Container ${each.key}"
  referenced_security_group_id = aws_security_group.container[each.key].id
  ip_protocol                  = "tcp"
  from_port                    = local.containers[each.key].port
  to_port                      = local.containers[each.key].port
}

resource "aws_lb" "dashboard" {
  count = local.load_balancers

  name                       = "${var.name}-dashboard"
  load_balancer_type         = "application"
  security_groups            = [aws_security_group.load_balancer[0].id]
  subnets                    = [for subnet in aws_subnet.public : subnet.id]
  drop_invalid_header_fields = true
  enable_deletion_protection = var.deletion_protection
}

resource "aws_lb_target_group" "container" {
  for_each = local.balanced

  name                 = "${var.name}-${each.key}"
  vpc_id               = aws_vpc.main.id
  target_type          = "ip"
  protocol             = "HTTP"
  port                 = local.containers[each.key].port
  deregistration_delay = 30

  health_check {
    path    = each.value.health_path
    matcher = "200"
  }
}

# ---------------------------------------------------------------------------------------------------
# Listeners
# ---------------------------------------------------------------------------------------------------

resource "aws_lb_listener" "dashboard" {
  count = local.load_balancers

  load_balancer_arn = aws_lb.dashboard[0].arn
  protocol          = local.has_https ? "HTTPS" : "HTTP"
  port              = local.has_https ? 443 : 80
  ssl_policy        = local.has_https ? "ELBSecurityPolicy-TLS13-1-2-2021-06" : null
  certificate_arn   = var.dashboard_certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.container["dashboard"].arn
  }
}

resource "aws_lb_listener" "redirect" {
  count = local.has_https ? local.load_balancers : 0

  load_balancer_arn = aws_lb.dashboard[0].arn
  protocol          = "HTTP"
  port              = 80

  default_action {
    type = "redirect"

    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_listener_rule" "docs" {
  count = contains(keys(local.balanced), "docs") ? 1 : 0

  listener_arn = aws_lb_listener.dashboard[0].arn

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.container["docs"].arn
  }

  condition {
    path_pattern {
      values = ["/redoc", "/redoc/*"]
    }
  }
}
