"""The demo web: fictional clinics behind an HTTP proxy, with the truth about them."""
