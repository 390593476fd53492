"""What a page states about itself: title, dates, author, business, links."""
