# ---------------------------------------------------------------------------------------------------
# The shop: names, the factory, the queue, the code. See also variables_data.tf (network and database)
# and variables_containers.tf (dashboard, API documents, factory mock).
# ---------------------------------------------------------------------------------------------------

variable "name" {
  type        = string
  description = "Prefix of every resource's name; give another for a second copy in the same account and region."
  default     = "factoauto"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 20 lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen."
  }

  validation {
    condition     = !strcontains(var.name, "--") && !startswith(var.name, "internal")
    error_message = "name must not have two hyphens in a row (RDS takes none), nor begin with internal (a load balancer may not)."
  }
}

variable "tags" {
  type        = map(string)
  description = "Tags that every resource gets beside Project and ManagedBy."
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key, value in var.tags : !startswith(lower(key), "aws:") && length(value) <= 256])
    error_message = "tags must not begin with aws: and their values must have at most 256 characters."
  }
}

variable "deletion_protection" {
  type        = bool
  description = "Refuse to delete the database and the load balancer, and keep deleted secrets for 30 days. Switch off, and apply, before a destroy."
  default     = true
  nullable    = false
}

# ---------------------------------------------------------------------------------------------------
# The factory and the orders
# ---------------------------------------------------------------------------------------------------

variable "factory_url" {
  type        = string
  description = "Base URL of the factory's API, to which /api/manufactures is added. Leave out to run the factory mock instead (factory_mock_image)."
  default     = null

  validation {
    condition     = var.factory_url == null ? true : can(regex("^https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[^?#\\s]*)?$", var.factory_url))
    error_message = "factory_url must be an https:// URL without a query: orders carry the callback's signature."
  }

  validation {
    condition     = try(tonumber(regex("^https://[^/:]+:([0-9]+)", var.factory_url)[0]), 443) >= 1 && try(tonumber(regex("^https://[^/:]+:([0-9]+)", var.factory_url)[0]), 443) <= 65535
    error_message = "factory_url must have a port of 1 to 65535."
  }

  validation {
    condition     = (var.factory_url == null) != (var.factory_mock_image == null)
    error_message = "Give either factory_url (a real factory) or factory_mock_image (the factory mock, for a trial)."
  }
}

variable "factory_timeout_seconds" {
  type        = number
  description = "Time that the factory has to accept an order, beside 3 s to connect. The stock-empty function's timeout and the queue's visibility follow from it."
  default     = 10
  nullable    = false

  validation {
    condition     = var.factory_timeout_seconds >= 1 && var.factory_timeout_seconds <= 60
    error_message = "factory_timeout_seconds must be 1 to 60."
  }
}

variable "requester" {
  type        = string
  description = "Name of the shop in orders to the factory."
  default     = "부산도너츠"
  nullable    = false

  validation {
    condition     = length(var.requester) >= 1 && length(var.requester) <= 99
    error_message = "requester must have 1 to 99 characters."
  }
}

variable "requester_tel" {
  type        = string
  description = "Telephone number of the shop in orders to the factory."
  default     = ""
  nullable    = false

  validation {
    condition     = length(var.requester_tel) <= 40
    error_message = "requester_tel must have at most 40 characters."
  }
}

variable "overdue_seconds" {
  type        = number
  description = "Time after which an open order counts as late and is asked for again; more than the factory's usual lead time."
  default     = 1800
  nullable    = false

  validation {
    condition     = var.overdue_seconds >= 120
    error_message = "overdue_seconds must be 120 or more."
  }
}

variable "max_purchase_quantity" {
  type        = number
  description = "Larger purchases are refused."
  default     = 100
  nullable    = false

  validation {
    condition     = var.max_purchase_quantity >= 1 && var.max_purchase_quantity <= 1000000
    error_message = "max_purchase_quantity must be 1 to 1000000."
  }
}

variable "demo_shop" {
  type        = bool
  description = "Put the demo shop's five donuts into a database that has no product yet."
  default     = true
  nullable    = false
}

# ---------------------------------------------------------------------------------------------------
# Topic and queues
# ---------------------------------------------------------------------------------------------------

variable "topic_name" {
  type        = string
  description = "Name of the SNS topic on which shortages are published."
  default     = "stock-empty"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,80}$", var.topic_name))
    error_message = "topic_name must be 1 to 80 letters, digits, hyphens and underscores."
  }
}

variable "queue_name" {
  type        = string
  description = "Name of the SQS queue from which orders to the factory are made."
  default     = "stock-queue"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,80}$", var.queue_name))
    error_message = "queue_name must be 1 to 80 letters, digits, hyphens and underscores."
  }
}

variable "dead_letter_queue_name" {
  type        = string
  description = "Name of the SQS queue for what failed four times."
  default     = "stock-dead-letter-queue"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,80}$", var.dead_letter_queue_name)) && var.dead_letter_queue_name != var.queue_name
    error_message = "dead_letter_queue_name must be 1 to 80 letters, digits, hyphens and underscores, and differ from queue_name."
  }
}

variable "consumer_concurrency" {
  type        = number
  description = "Most copies of the stock-empty function that read the queue at once: what the factory can take."
  default     = 5
  nullable    = false

  validation {
    condition     = var.consumer_concurrency >= 2 && var.consumer_concurrency <= 1000
    error_message = "consumer_concurrency must be 2 to 1000."
  }
}
