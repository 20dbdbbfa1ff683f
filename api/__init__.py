"""Two doors: HTTP and command line. Imports the domain and the projections."""
