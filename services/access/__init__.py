"""Who may do what: accounts with tokens, roles and what they allow."""
