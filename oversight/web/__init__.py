"""The pages: one run at a time, rendered on the server, for people who are signed in."""
