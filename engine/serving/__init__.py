"""What a web server or a host is told of the published site: headers, types, redirections."""
