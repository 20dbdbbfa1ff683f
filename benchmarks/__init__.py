"""What the figures are: each kind of work measured beside a named limit, in one run (`make bench`)."""
