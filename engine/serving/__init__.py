"""Write the configuration of web servers and hosts: headers, types, redirections."""
