# ---------------------------------------------------------------------------------------------------
# Dashboard, API documents and factory mock: containers, each there when its image is named
# ---------------------------------------------------------------------------------------------------

variable "dashboard_image" {
  type        = string
  description = "Image of the dashboard, with its tag. Null: no dashboard and no load balancer."
  default     = null

  validation {
    condition     = var.dashboard_image == null ? true : can(regex("^[a-z0-9][^\\s]*[:@][A-Za-z0-9._:-]+$", var.dashboard_image))
    error_message = "dashboard_image must be an image with its tag or digest."
  }
}

variable "docs_image" {
  type        = string
  description = "Image that serves the API documents in ReDoc below /redoc/, beside the dashboard. Null: none."
  default     = null

  validation {
    condition     = var.docs_image == null ? true : can(regex("^[a-z0-9][^\\s]*[:@][A-Za-z0-9._:-]+$", var.docs_image))
    error_message = "docs_image must be an image with its tag or digest."
  }

  validation {
    condition     = var.docs_image == null || var.dashboard_image != null
    error_message = "docs_image is served by the dashboard's load balancer: give dashboard_image too."
  }
}

variable "factory_mock_image" {
  type        = string
  description = "Image of the factory mock, with its tag, for a trial without a real factory. Null: none."
  default     = null

  validation {
    condition     = var.factory_mock_image == null ? true : can(regex("^[a-z0-9][^\\s]*[:@][A-Za-z0-9._:-]+$", var.factory_mock_image))
    error_message = "factory_mock_image must be an image with its tag or digest."
  }
}

variable "factory_mock_lead_time_seconds" {
  type        = number
  description = "Time that the factory mock takes to produce an order."
  default     = 30
  nullable    = false

  validation {
    condition     = var.factory_mock_lead_time_seconds >= 0 && var.factory_mock_lead_time_seconds < min(var.overdue_seconds, 86400)
    error_message = "factory_mock_lead_time_seconds must be 0 or more, and less than overdue_seconds and a day."
  }
}

variable "container_architecture" {
  type        = string
  description = "Processor that the images were built for."
  default     = "X86_64"
  nullable    = false

  validation {
    condition     = contains(["X86_64", "ARM64"], var.container_architecture)
    error_message = "container_architecture must be X86_64 or ARM64."
  }
}

variable "dashboard_cpu" {
  type        = number
  description = "Processor of the dashboard's container, in 1024ths: 256 is a quarter. More serves more open pages; a second container would not, for it holds its sessions in memory."
  default     = 256
  nullable    = false

  validation {
    condition     = contains([256, 512, 1024, 2048, 4096], var.dashboard_cpu)
    error_message = "dashboard_cpu must be 256, 512, 1024, 2048 or 4096."
  }
}

variable "dashboard_memory_mb" {
  type        = number
  description = "Memory of the dashboard's container in MB, of the sizes that Fargate has for dashboard_cpu."
  default     = 512
  nullable    = false

  validation {
    condition = contains(lookup({
      "256"  = [512, 1024, 2048]
      "512"  = [for gb in range(1, 5) : gb * 1024]
      "1024" = [for gb in range(2, 9) : gb * 1024]
      "2048" = [for gb in range(4, 17) : gb * 1024]
      "4096" = [for gb in range(8, 31) : gb * 1024]
    }, tostring(var.dashboard_cpu), [var.dashboard_memory_mb]), var.dashboard_memory_mb)
    error_message = "dashboard_memory_mb must go with dashboard_cpu: 512, 1024 or 2048 with 256; whole GB, 2 to 8 for each whole processor (1 to 4 with 512, 8 to 30 with 4096)."
  }
}

variable "dashboard_certificate_arn" {
  type        = string
  description = "ACM certificate of this region for the dashboard. Null: plain HTTP, and only to dashboard_allowed_cidrs of /16 or narrower."
  default     = null

  validation {
    condition     = var.dashboard_certificate_arn == null ? true : can(regex("^arn:[a-z-]+:acm:[a-z0-9-]+:[0-9]{12}:certificate/[A-Za-z0-9-]+$", var.dashboard_certificate_arn))
    error_message = "dashboard_certificate_arn must be the ARN of an ACM certificate."
  }
}

variable "dashboard_domain" {
  type        = string
  description = "Name in the certificate, which you point at the load balancer (output dashboard_load_balancer)."
  default     = null

  validation {
    condition     = (var.dashboard_domain == null) == (var.dashboard_certificate_arn == null)
    error_message = "dashboard_domain and dashboard_certificate_arn go together."
  }

  validation {
    condition     = var.dashboard_domain == null ? true : can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.dashboard_domain))
    error_message = "dashboard_domain must be a host name."
  }
}

variable "dashboard_allowed_cidrs" {
  type        = list(string)
  description = "IPv4 ranges that may open the dashboard, beside its password. 0.0.0.0/0 needs a certificate."
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.dashboard_allowed_cidrs : can(cidrnetmask(cidr))])
    error_message = "dashboard_allowed_cidrs must be IPv4 ranges, such as 203.0.113.7/32."
  }

  validation {
    condition     = alltrue([for cidr in var.dashboard_allowed_cidrs : try(cidrsubnet(cidr, 0, 0) == cidr, true)])
    error_message = "dashboard_allowed_cidrs must name each range by its first address, as 203.0.113.0/24 does and 203.0.113.7/24 does not."
  }

  validation {
    condition     = length(distinct(var.dashboard_allowed_cidrs)) == length(var.dashboard_allowed_cidrs)
    error_message = "dashboard_allowed_cidrs must name each range once."
  }

  validation {
    condition     = var.dashboard_image == null || length(var.dashboard_allowed_cidrs) > 0
    error_message = "Say who may open the dashboard: dashboard_allowed_cidrs is empty."
  }

  validation {
    condition     = var.dashboard_certificate_arn != null || alltrue([for cidr in var.dashboard_allowed_cidrs : try(tonumber(split("/", cidr)[1]) >= 16, false)])
    error_message = "Without a certificate the dashboard's password would travel in the clear: each range must be a /16 or narrower."
  }
}
