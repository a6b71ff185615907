#!/bin/sh
# Reviews a change in any CI: review.sh BASE HEAD [FOLDER]. Both sides are git refs, or output folders of synth.
# FOLDER (review) gets comment.md, whose first line is the marker by which the one comment is found again, and review.html.
# FAIL_ON (high): the least severity that fails. AWS2NCP (npx aws2ncp): the command.
# Exit codes are those of `aws2ncp review`: 0 nothing that grave, 1 found, 2 wrong use. After 2 there is nothing to post.
set -eu

if [ $# -lt 2 ] || [ $# -gt 3 ]; then
  echo "usage: review.sh BASE HEAD [FOLDER]" >&2
  exit 2
fi
base=$1
head=$2
folder=${3:-review}
marker='<!-- aws2ncp review: this comment is kept up to date -->'

review() { # format, file: writes the file, and gives the exit code of the review
  # The command may be several words.
  # shellcheck disable=SC2086
  ${AWS2NCP:-npx aws2ncp} review --base "$base" --head "$head" --format "$1" --fail-on "${FAIL_ON:-high}" >"$2.new"
}

mkdir -p "$folder"
rm -f "$folder/comment.md" "$folder/review.html"

status=0
for format in markdown html; do
  status=0
  review "$format" "$folder/$format" || status=$?
  if [ "$status" -gt 1 ]; then
    rm -f "$folder"/*.new
    exit "$status"
  fi
done
{
  echo "$marker"
  echo
  cat "$folder/markdown.new"
} >"$folder/comment.md"
mv "$folder/html.new" "$folder/review.html"
rm "$folder/markdown.new"
exit "$status"
