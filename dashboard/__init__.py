"""The dashboard: what people see. It asks the API for everything, through `api.client` and nothing else."""
