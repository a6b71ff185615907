#!/bin/sh
# Cleans up after a hook, however it ends: standard input comes from the hook and closes with it, even when it is killed
# (Terraform kills a running local-exec on the first interrupt). Lines "+ GROUP" and "- GROUP" say which process groups
# run for the hook; those left are ended. Then the folder given is removed, with the secrets in it.
set -u
trap '' HUP INT TERM

folder=$1
groups=
while read -r verb group; do
  rest=
  for each in $groups; do
    [ "$each" = "$group" ] || rest="$rest $each"
  done
  groups=$rest
  [ "$verb" = + ] && groups="$groups $group"
done

for each in $groups; do kill -s TERM -- "-$each" 2>/dev/null; done
tries=0
for each in $groups; do
  while kill -s 0 -- "-$each" 2>/dev/null && [ "$tries" -lt 50 ]; do
    tries=$((tries + 1))
    sleep 0.1
  done
  kill -s KILL -- "-$each" 2>/dev/null
done
rm -rf -- "$folder"
