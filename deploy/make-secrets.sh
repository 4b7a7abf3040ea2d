#!/bin/sh
# Makes the secrets of compose.yaml, once. Files that are there stay as they are.
set -eu
umask 077
folder="$(dirname "$0")/secrets"
mkdir -p "$folder"

secret() {
  [ -s "$folder/$1" ] || od -An -N24 -tx1 /dev/urandom | tr -d ' \n' > "$folder/$1"
}

secret clickhouse_password
secret postgres_password
secret postgres_admin_password
[ -s "$folder/clickhouse_url" ] ||
  printf 'http://bellwether:%s@clickhouse:8123/bellwether' "$(cat "$folder/clickhouse_password")" > "$folder/clickhouse_url"
[ -s "$folder/database_url" ] ||
  printf 'postgres://bellwether:%s@postgres:5432/bellwether' "$(cat "$folder/postgres_password")" > "$folder/database_url"
# A container reads them as a user of its own; the folder keeps everybody else on this machine out.
chmod 0444 "$folder"/*
chmod 0700 "$folder"
