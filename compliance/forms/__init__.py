"""What pages accept: one form a page, from the query or the body to typed values."""
