"""kneetrack: a home exercise diary for the command line."""
