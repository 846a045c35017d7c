variable "name" {
  type        = string
  description = "Name of the function."
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,36}$", var.name))
    error_message = "name must be 2 to 37 lower-case letters, digits and hyphens, so that the role's name has room for its suffix."
  }
}

variable "arn" {
  type        = string
  description = "ARN that the function will have; it is denied the network rights that only the Lambda service needs."
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:lambda:[a-z0-9-]+:[0-9]{12}:function:[a-z0-9-]+$", var.arn))
    error_message = "arn must be the ARN of a Lambda function."
  }
}

variable "description" {
  type        = string
  description = "What the function does, in one sentence."
  nullable    = false

  validation {
    condition     = length(var.description) > 0 && length(var.description) <= 256
    error_message = "description must have 1 to 256 characters."
  }
}

variable "package" {
  type        = string
  description = "Path of the zip file that holds the code."
  nullable    = false

  validation {
    condition     = fileexists(var.package)
    error_message = "package names a file that does not exist."
  }
}

variable "handler" {
  type        = string
  description = "Python path of the handler."
  nullable    = false

  validation {
    condition     = can(regex("^[a-z_]+(\\.[a-z_]+)+$", var.handler))
    error_message = "handler must be a dotted Python name, as in backend.entrypoints.lambdas.sale."
  }
}

variable "timeout_seconds" {
  type        = number
  description = "Time after which the function is stopped, in seconds."
  nullable    = false

  validation {
    condition     = var.timeout_seconds >= 1 && var.timeout_seconds <= 900
    error_message = "timeout_seconds must be 1 to 900."
  }
}

variable "memory_mb" {
  type        = number
  description = "Memory of the function in MB; its share of a CPU grows with it."
  nullable    = false

  validation {
    condition     = var.memory_mb >= 128 && var.memory_mb <= 10240
    error_message = "memory_mb must be 128 to 10240."
  }
}

variable "reserved_concurrency" {
  type        = number
  description = "Most copies that may run at once, kept free for this function; -1 reserves none."
  default     = -1
  nullable    = false

  validation {
    condition     = var.reserved_concurrency >= -1
    error_message = "reserved_concurrency must be -1 (none) or more."
  }
}

variable "environment" {
  type        = map(string)
  description = "Environment variables. No secret: whoever may read the function's configuration may read them."
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.environment) : can(regex("^[A-Z][A-Z0-9_]*$", name))])
    error_message = "environment must have names of capital letters, digits and underscores."
  }
}

variable "policy" {
  type        = string
  description = "IAM policy, as JSON, of what the function's own code may do."
  nullable    = false

  validation {
    condition     = can(jsondecode(var.policy).Statement)
    error_message = "policy must be an IAM policy document as JSON."
  }
}

variable "subnet_ids" {
  type        = list(string)
  description = "Private subnets in which the function runs."
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids must name two subnets or more."
  }
}

variable "security_group_ids" {
  type        = list(string)
  description = "Security groups of the function's network interfaces."
  nullable    = false

  validation {
    condition     = length(var.security_group_ids) >= 1
    error_message = "security_group_ids must name one security group or more."
  }
}

variable "log_retention_days" {
  type        = number
  description = "Days for which the function's log is kept."
  nullable    = false

  validation {
    condition     = var.log_retention_days >= 1
    error_message = "log_retention_days must be 1 or more."
  }
}
