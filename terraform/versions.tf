# ---------------------------------------------------------------------------------------------------
# Versions and the provider. Credentials, region and (for the local AWS of the tests) the endpoint come
# from the environment, so that this root is applied unmodified everywhere.
# ---------------------------------------------------------------------------------------------------

terraform {
  required_version = ">= 1.9.0" # a variable's validation may name another variable

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

provider "aws" {
  default_tags {
    tags = merge({ Project = var.name, ManagedBy = "terraform" }, var.tags)
  }
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

# Also zones that are out of order just now: the subnets must not move to another when one fails.
data "aws_availability_zones" "all" {
  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}
