"""What a person can do: values in, a result value out."""
