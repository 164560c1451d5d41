"""Which operations the sandbox answers, one module a tag of the API; `routes/` brings the behaviour."""
