#!/bin/sh
# Sets the database up on the first start, as the entry point of MySQL's image does, and runs the server.
set -eu

folder=/var/lib/mysql
if [ ! -d "$folder/mysql" ]; then
    mariadb-install-db --no-defaults --datadir="$folder" --auth-root-authentication-method=normal --skip-test-db >/dev/null
fi
cat >/var/run/mysqld/init.sql <<SQL
CREATE DATABASE IF NOT EXISTS \`$MYSQL_DATABASE\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE USER IF NOT EXISTS '$MYSQL_USER'@'%' IDENTIFIED BY '$(cat "$MYSQL_PASSWORD_FILE")';
GRANT ALL ON \`$MYSQL_DATABASE\`.* TO '$MYSQL_USER'@'%';
ALTER USER 'root'@'localhost' IDENTIFIED BY '$(cat "$MYSQL_ROOT_PASSWORD_FILE")';
SQL
exec mariadbd --no-defaults --datadir="$folder" --socket=/var/run/mysqld/mysqld.sock \
    --pid-file=/var/run/mysqld/mysqld.pid --init-file=/var/run/mysqld/init.sql --skip-name-resolve "$@"
