"""The yardstick: nginx doing nothing but `proxy_pass`, set up as well as we can."""

import os

from . import machine
from .server import Server

# What is switched off costs nothing: no log, no temporary files. Streams are passed on event by event,
# other replies through buffers that hold them whole. Connections to the upstream are kept.
CONFIGURATION = """
{user}
worker_processes {workers};
worker_rlimit_nofile {descriptors};
daemon off;
pid {folder}/nginx.pid;
error_log stderr crit;
events {{ worker_connections {connections}; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    tcp_nodelay on;
    keepalive_timeout 600s;
    keepalive_requests 1000000000;
    client_max_body_size 64m;
    client_body_buffer_size 256k;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_read_timeout 600s;
    proxy_buffers 8 32k;
    proxy_buffer_size 32k;
    proxy_busy_buffers_size 128k;
    proxy_max_temp_file_size 0;
    upstream mock {{
        server 127.0.0.1:{mock_port};
        keepalive 512;
        keepalive_requests 1000000000;
        keepalive_timeout 600s;
    }}
    upstream mock_tls {{
        server 127.0.0.1:{mock_tls_port};
        keepalive 512;
        keepalive_requests 1000000000;
        keepalive_timeout 600s;
    }}
    server {{
        listen 127.0.0.1:{port} backlog=4096{reuse};
        location / {{ proxy_pass http://mock; }}
        location /stream/ {{ proxy_buffering off; proxy_pass http://mock; }}
        location /burst/ {{ proxy_buffering off; proxy_pass http://mock; }}
        location /hold/ {{ proxy_buffering off; proxy_pass http://mock; }}
    }}
    server {{
        listen 127.0.0.1:{tls_port} ssl backlog=4096{reuse};
        ssl_certificate {certificate};
        ssl_certificate_key {key};
        ssl_protocols TLSv1.3;
        proxy_ssl_protocols TLSv1.3;
        proxy_ssl_verify on;
        proxy_ssl_trusted_certificate {certificate};
        proxy_ssl_name 127.0.0.1;
        location / {{ proxy_pass https://mock_tls; }}
    }}
}}
"""


class Nginx(Server):
    """nginx with so many workers, in a folder of its own, as the current user."""

    def __init__(self, folder, mock, certificate, workers=1):
        os.makedirs(folder)
        self.port = machine.free_port()
        self.tls_port = machine.free_port()
        path = os.path.join(folder, "nginx.conf")
        descriptors = machine.raise_descriptor_limit()
        with open(path, "w") as file:
            file.write(CONFIGURATION.format(
                user="user root;" if os.geteuid() == 0 else "",
                workers=workers,
                descriptors=descriptors,
                # nginx begins to close idle connections when a sixteenth of this number is left.
                connections=descriptors * 2,
                folder=folder,
                port=self.port,
                tls_port=self.tls_port,
                mock_port=mock.port,
                mock_tls_port=mock.tls_port,
                reuse=" reuseport" if workers > 1 else "",
                certificate=certificate.chain,
                key=certificate.key,
            ))
        super().__init__(["nginx", "-p", folder, "-c", path, "-e", "stderr"],
                         os.path.join(folder, "nginx.log"))
        self.first_answer_seconds = self.wait_for_answer(
            self.port, "/chat/v1/chat/completions", {}, "{}")
