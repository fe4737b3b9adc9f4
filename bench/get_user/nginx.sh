# Sourced by the bench: a certificate authority of its own and an nginx that serves one user over TLS on loopback.
#   start_nginx FOLDER BODY_FILE [CPU]    sets `port`, `ca_file` and `nginx_pid`
#   stop_nginx

make_certificates() { # FOLDER
    (
        cd "$1"
        openssl ecparam -name prime256v1 -genkey -noout -out ca.key
        openssl req -x509 -new -key ca.key -subj "/CN=usher bench authority" -days 2 -out ca.pem
        openssl ecparam -name prime256v1 -genkey -noout -out leaf.key
        openssl req -new -key leaf.key -subj "/CN=localhost" -out leaf.csr
        printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n' >leaf.ext
        openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile leaf.ext -out leaf.pem
    ) >"$1/openssl.log" 2>&1 || { cat "$1/openssl.log" >&2; return 1; }
}

write_nginx_config() { # FOLDER PORT
    cat >"$1/nginx.conf" <<CONFIG
daemon off;
master_process off;
worker_processes 1;
pid $1/nginx.pid;
error_log $1/error.log warn;
events { worker_connections 1024; }
http {
    access_log off;
    client_body_temp_path $1/tmp;
    proxy_temp_path $1/tmp;
    fastcgi_temp_path $1/tmp;
    uwsgi_temp_path $1/tmp;
    scgi_temp_path $1/tmp;
    keepalive_requests 1000000000;
    keepalive_timeout 1h;
    keepalive_time 1d;
    tcp_nodelay on;
    open_file_cache max=16 inactive=1h;
    open_file_cache_valid 1h;
    server {
        listen 127.0.0.1:$2 ssl backlog=1024;
        server_name localhost;
        ssl_certificate $1/leaf.pem;
        ssl_certificate_key $1/leaf.key;
        ssl_protocols TLSv1.3;
        ssl_conf_command Ciphersuites TLS_AES_256_GCM_SHA384;
        root $1/root;
        location /v1/users/ { default_type application/json; try_files /user.json =404; }
    }
}
CONFIG
}

start_nginx() { # FOLDER BODY_FILE [CPU]
    local folder=$1 pin=()
    [[ -n ${3:-} ]] && pin=(taskset -c "$3")
    mkdir -p "$folder/root" "$folder/tmp"
    cp "$2" "$folder/root/user.json"
    # nginx drops its rights when it is started by root: what it serves has to be readable.
    chmod -R a+rX "$folder"
    make_certificates "$folder"
    ca_file=$folder/ca.pem
    # nginx can't be asked for a free port, so ports are tried until one is free.
    for _ in $(seq 20); do
        port=$((20000 + RANDOM % 10000))
        write_nginx_config "$folder" "$port"
        "${pin[@]}" nginx -p "$folder" -c "$folder/nginx.conf" 2>"$folder/start.log" &
        nginx_pid=$!
        for _ in $(seq 50); do
            kill -0 "$nginx_pid" 2>/dev/null || break
            if curl -fsS --cacert "$ca_file" "https://localhost:$port/v1/users/any" -o "$folder/probe" 2>/dev/null; then
                cmp -s "$folder/probe" "$2" && return 0
            fi
            sleep 0.1
        done
        stop_nginx
    done
    echo "nginx did not start:" >&2
    cat "$folder/start.log" "$folder/error.log" >&2
    return 1
}

stop_nginx() {
    [[ -n ${nginx_pid:-} ]] || return 0
    kill "$nginx_pid" 2>/dev/null || true
    wait "$nginx_pid" 2>/dev/null || true
    nginx_pid=""
}
