# ---------------------------------------------------------------------------------------------------
# Functions, API, logs and alarms
# ---------------------------------------------------------------------------------------------------

variable "lambda_package" {
  type        = string
  description = "Zip file with the functions' code, as `make lambda-package` builds it."
  default     = "../build/lambda.zip"
  nullable    = false

  validation {
    condition     = fileexists(var.lambda_package)
    error_message = "There is no such file: run `make lambda-package` first."
  }
}

variable "lambda_memory_mb" {
  type        = number
  description = "Memory of each function in MB; its share of a CPU grows with it."
  default     = 512
  nullable    = false

  validation {
    condition     = var.lambda_memory_mb >= 256 && var.lambda_memory_mb <= 10240
    error_message = "lambda_memory_mb must be 256 to 10240."
  }
}

variable "sale_reserved_concurrency" {
  type        = number
  description = "Most purchases handled at once; -1 sets no limit of its own. Each takes one connection to the database. A new account may be too small to reserve any."
  default     = -1
  nullable    = false

  validation {
    condition     = var.sale_reserved_concurrency == -1 || var.sale_reserved_concurrency >= 2
    error_message = "sale_reserved_concurrency must be -1 (no limit) or 2 or more."
  }
}

variable "api_rate_limit" {
  type        = number
  description = "Requests a second that the API lets through on a route; more are answered 429."
  default     = 100
  nullable    = false

  validation {
    condition     = var.api_rate_limit >= 1 && var.api_rate_limit <= 10000
    error_message = "api_rate_limit must be 1 to 10000."
  }
}

variable "api_burst_limit" {
  type        = number
  description = "Requests that the API lets through on a route at one instant."
  default     = 50
  nullable    = false

  validation {
    condition     = var.api_burst_limit >= 1 && var.api_burst_limit <= 5000
    error_message = "api_burst_limit must be 1 to 5000."
  }
}

variable "log_level" {
  type        = string
  description = "Least level that the functions log."
  default     = "INFO"
  nullable    = false

  validation {
    condition     = contains(["DEBUG", "INFO", "WARNING", "ERROR"], var.log_level)
    error_message = "log_level must be DEBUG, INFO, WARNING or ERROR."
  }
}

variable "log_retention_days" {
  type        = number
  description = "Days for which logs are kept."
  default     = 30
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827], var.log_retention_days)
    error_message = "log_retention_days must be one of CloudWatch's periods: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096 or 1827."
  }
}

variable "alarm_email" {
  type        = string
  description = "Address that alarms are sent to; it has to confirm the subscription once. Null subscribes nobody."
  default     = null

  validation {
    condition     = var.alarm_email == null ? true : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", var.alarm_email))
    error_message = "alarm_email must be an e-mail address."
  }
}
