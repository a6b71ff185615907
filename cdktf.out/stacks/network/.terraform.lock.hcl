# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.

provider "registry.terraform.io/navercloudplatform/ncloud" {
  version     = "4.0.5"
  constraints = "4.0.5"
  hashes = [
    "h1:g7H8N1EGPUhQ5NIub9ive4JlD1DMeIkP7Cb+BxlfSi8=",
  ]
}
