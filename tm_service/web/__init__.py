"""The web door: plain pages that show sites, their coverage, deployments and packages."""
