#!/bin/sh
# The user that Bellwether is, with the rights it needs on its own database and no others.
set -eu
password="$(cat /run/secrets/clickhouse_password)"
clickhouse-client --multiquery <<SQL
CREATE DATABASE IF NOT EXISTS bellwether;
CREATE USER IF NOT EXISTS bellwether IDENTIFIED WITH sha256_password BY '$password';
GRANT SHOW, SELECT, INSERT, ALTER, CREATE DATABASE, CREATE TABLE, CREATE VIEW, DROP TABLE, DROP VIEW, TRUNCATE, OPTIMIZE, BACKUP, dictGet ON bellwether.* TO bellwether;
GRANT TABLE ENGINE ON * TO bellwether;
GRANT SELECT ON system.* TO bellwether;
SQL
