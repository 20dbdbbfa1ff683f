"""The API: its doors, rights, problems and answers."""
