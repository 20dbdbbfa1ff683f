"""The log turned into answers. Imports the domain."""
