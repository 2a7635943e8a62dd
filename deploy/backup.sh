#!/bin/sh
# Writes a dump of the database, checks that it can be read, and keeps the newest fourteen.
#     DATABASE_URL=... deploy/backup.sh /var/backups/warmstart
# Restore into an empty database: pg_restore --exit-on-error --no-owner -d "$DATABASE_URL" FILE
set -eu
folder=${1:?usage: backup.sh FOLDER}
: "${DATABASE_URL:?DATABASE_URL is not set}"
umask 077
mkdir -p "$folder"
file="$folder/warmstart-$(date -u +%Y%m%dT%H%M%SZ).dump"
pg_dump --format=custom --no-owner --no-privileges --file "$file.part" "$DATABASE_URL"
pg_restore --list "$file.part" > /dev/null
mv "$file.part" "$file"
ls -1t "$folder"/warmstart-*.dump | tail -n +15 | while read -r old; do rm -- "$old"; done
echo "$file"
