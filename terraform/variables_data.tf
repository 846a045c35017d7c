# ---------------------------------------------------------------------------------------------------
# Network and database
# ---------------------------------------------------------------------------------------------------

variable "vpc_cidr" {
  type        = string
  description = "Private IPv4 range of the VPC, a /16 to a /22."
  default     = "10.20.0.0/16"
  nullable    = false

  validation {
    condition     = can(cidrhost(var.vpc_cidr, 0)) && try(tonumber(split("/", var.vpc_cidr)[1]) >= 16 && tonumber(split("/", var.vpc_cidr)[1]) <= 22, false)
    error_message = "vpc_cidr must be an IPv4 range from /16 to /22, such as 10.20.0.0/16."
  }

  validation {
    condition     = try(cidrsubnet(var.vpc_cidr, 0, 0) == var.vpc_cidr, true)
    error_message = "vpc_cidr must name the range by its first address, as 10.20.0.0/16 does and 10.20.1.0/16 does not."
  }
}

variable "nat_gateway_per_zone" {
  type        = bool
  description = "One NAT gateway in each zone instead of one in all: the loss of a zone then leaves the other its way out."
  default     = false
  nullable    = false
}

variable "database_instance_class" {
  type        = string
  description = "Size of the RDS instance."
  default     = "db.t4g.micro"
  nullable    = false

  validation {
    condition     = can(regex("^db\\.[a-z0-9]+\\.[a-z0-9]+$", var.database_instance_class))
    error_message = "database_instance_class must be an RDS instance class, such as db.t4g.micro."
  }
}

variable "database_storage_gb" {
  type        = number
  description = "Storage of the database at first, in GB."
  default     = 20
  nullable    = false

  validation {
    condition     = var.database_storage_gb >= 20 && var.database_storage_gb <= 16384
    error_message = "database_storage_gb must be 20 to 16384."
  }
}

variable "database_max_storage_gb" {
  type        = number
  description = "Storage up to which RDS grows the database by itself, in GB."
  default     = 100
  nullable    = false

  validation {
    condition     = var.database_max_storage_gb * 10 >= var.database_storage_gb * 11 && var.database_max_storage_gb <= 65536
    error_message = "database_max_storage_gb must be a tenth more than database_storage_gb, as RDS asks, and at most 65536."
  }
}

variable "database_multi_az" {
  type        = bool
  description = "Keep a standby of the database in a second zone."
  default     = false
  nullable    = false
}

variable "database_backup_days" {
  type        = number
  description = "Days for which the database can be restored to any moment."
  default     = 7
  nullable    = false

  validation {
    condition     = var.database_backup_days >= 1 && var.database_backup_days <= 35
    error_message = "database_backup_days must be 1 to 35."
  }
}

variable "database_final_snapshot" {
  type        = bool
  description = "When the database is destroyed, keep a last snapshot, and the automated backups until their days are over. False: keep neither."
  default     = true
  nullable    = false
}

variable "database_ca_file" {
  type        = string
  description = "Path, inside the Lambda package's environment, of the certificate authorities by which the functions check the database's certificate, such as /var/task/rds-ca.pem. Empty: encrypted, not checked."
  default     = ""
  nullable    = false

  validation {
    condition     = var.database_ca_file == "" || startswith(var.database_ca_file, "/")
    error_message = "database_ca_file must be an absolute path, or empty."
  }
}

variable "database_proxy" {
  type        = bool
  description = "Put RDS Proxy between the functions and the database. Whether functions then share its connections has not been seen (docs/aws.md)."
  default     = false
  nullable    = false
}
