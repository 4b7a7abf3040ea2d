#!/bin/sh
# The role that Bellwether is: owner of its own database, and nothing else.
set -eu
password="$(cat /run/secrets/postgres_password)"
psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres <<SQL
CREATE ROLE bellwether LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD '$password';
CREATE DATABASE bellwether OWNER bellwether ENCODING 'UTF8';
REVOKE ALL ON DATABASE bellwether FROM PUBLIC;
REVOKE CONNECT ON DATABASE postgres FROM PUBLIC;
SQL
