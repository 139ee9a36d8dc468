"""Register: what the Secretariat asks of a site: coverage, freshness, work, alarms, savings and quality, counted."""
