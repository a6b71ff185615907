#!/bin/sh
# Reviews a change in any CI: review.sh BASE HEAD [FOLDER]. Both sides are git refs, or output folders of synth.
# FOLDER (review) gets comment.md, whose first line is the marker by which the one comment is found again, review.html and review.json.
# FAIL_ON (high): the least severity that fails. PIPELINE (pipeline.yaml): the file that refs are synthesized from.
# AWS2NCP (npx aws2ncp): the command.
# Exit codes: 0 nothing that grave, 1 found, 2 wrong use or no review at all. After 2 there is nothing to post.
set -eu

if [ $# -lt 2 ] || [ $# -gt 3 ]; then
  echo "usage: review.sh BASE HEAD [FOLDER]" >&2
  exit 2
fi
base=$1
head=$2
folder=${3:-review}
marker='<!-- aws2ncp review: this comment is kept up to date -->'
trees=

# Called by the trap.
# shellcheck disable=SC2317
clean_up() {
  [ -n "$trees" ] || return 0
  for side in base head; do git worktree remove --force "$trees/$side" 2>/dev/null || true; done
  rm -rf "$trees"
}
trap clean_up EXIT
trap 'exit 2' HUP INT TERM

same_dependencies() {
  ! git rev-parse --verify --quiet "$base^{commit}" >/dev/null ||
    ! git rev-parse --verify --quiet "$head^{commit}" >/dev/null ||
    git diff --quiet "$base" "$head" -- package-lock.json packages
}

synthesize() { # name, ref: with the dependencies of its own
  git worktree add --detach --quiet "$trees/$1" "$2" &&
    (cd "$trees/$1" && npm ci && npm run build && CHECKPOINT_DISABLE=1 npx cdktf synth) >&2
}

mkdir -p "$folder"
for file in comment.md review.md review.html review.json; do rm -f "$folder/$file"; done

if ! same_dependencies; then
  trees=$(mktemp -d)
  synthesize base "$base" || exit 2
  synthesize head "$head" || exit 2
  base=$trees/base/cdktf.out
  head=$trees/head/cdktf.out
fi

status=0
# The command may be several words.
# shellcheck disable=SC2086
${AWS2NCP:-npx aws2ncp} review --base "$base" --head "$head" --pipeline "${PIPELINE:-pipeline.yaml}" \
  --out "$folder" --fail-on "${FAIL_ON:-high}" || status=$?
# A side that does not synthesize ends with 1 as well, and writes nothing.
if [ "$status" -gt 1 ] || [ ! -f "$folder/review.md" ]; then exit 2; fi
{
  echo "$marker"
  echo
  cat "$folder/review.md"
} >"$folder/comment.md"
exit "$status"
