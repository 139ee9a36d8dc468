"""What every room that keeps tables shares: columns that both databases know, rows, and migrations of its own."""
