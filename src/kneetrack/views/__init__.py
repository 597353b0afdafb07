"""What is shown: values in; plain lines, Rich renderables or JSON values out. Nothing here prints."""
