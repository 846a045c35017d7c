# ---------------------------------------------------------------------------------------------------
# Where the images are pushed to. Images can be built again, so the registries go with everything else.
# ---------------------------------------------------------------------------------------------------

resource "aws_ecr_repository" "image" {
  for_each = toset(["dashboard", "docs", "factory-mock"])

  name                 = "${var.name}/${each.key}"
  image_tag_mutability = "IMMUTABLE"
  force_delete         = true

  image_scanning_configuration {
    scan_on_push = true
  }
}

resource "aws_ecr_lifecycle_policy" "image" {
  for_each = aws_ecr_repository.image

  repository = each.value.name

  policy = jsonencode({
    rules = [{
      rulePriority = 1
      description  = "Keep the last ten"
      selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 10 }
      action       = { type = "expire" }
    }]
  })
}
