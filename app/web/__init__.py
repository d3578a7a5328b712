"""The door for people: pages made on the server, on the same actions as the API."""
