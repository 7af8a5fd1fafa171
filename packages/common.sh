# What the scripts of this folder share. Sourced from the root of the project.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$HOME/.cache/crosshead-target}"
OUT="${OUT:-$CARGO_TARGET_DIR/packages}"
VERSION="$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)"
HOST="$(rustc --print host-tuple)"
# The time that is stated in packages: that of the last commit, so that two builds of one state are the same.
# Only `shipped` tells compilers: what is in C is compiled again with every commit then.
EPOCH="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}"
export LC_ALL=C.UTF-8 TZ=UTC

have() { command -v "$1" >/dev/null 2>&1; }

# skip WHAT WHY: says that a step is left out. Where CI is set nothing is left out.
skip() {
  echo "skipped: $1: $2"
  if [ -n "${CI:-}" ]; then exit 1; fi
}

# shipped: the flags for programs that are shipped. Nothing of the machine stays in them: where the checkout, the target folder
# and the sources of crates are. mimalloc states when it was compiled: the time of the commit.
shipped() {
  local home="${CARGO_HOME:-$HOME/.cargo}" flags=()
  flags+=("--remap-path-prefix=$PWD=/crosshead" "--remap-path-prefix=$CARGO_TARGET_DIR=/target" "--remap-path-prefix=$home=/cargo")
  CARGO_ENCODED_RUSTFLAGS="$(IFS=$'\x1f' && echo "${flags[*]}")"
  CFLAGS="-ffile-prefix-map=$CARGO_TARGET_DIR=/target -ffile-prefix-map=$home=/cargo"
  export CARGO_ENCODED_RUSTFLAGS CFLAGS CARGO_INCREMENTAL=0 SOURCE_DATE_EPOCH="$EPOCH"
}

# static_random: the flag for a shipped program that is static: random bytes are asked of the kernel itself (Linux 3.17), so that
# it needs no /dev. In a static program the function of the C library is not found at run time; in the C libraries of old systems
# it is not there.
static_random() {
  if [ -z "${CARGO_ENCODED_RUSTFLAGS:-}" ]; then return; fi
  case "$HOST" in *-linux-*) CARGO_ENCODED_RUSTFLAGS+=$'\x1f--cfg\x1fgetrandom_backend="linux_getrandom"' ;; esac
}

# pages BINARY FOLDER: manual pages and completions, which the program writes itself.
pages() {
  rm -rf "$2"
  mkdir -p "$2/completions"
  "$1" -q man --dir "$2/man/man1"
  "$1" completions bash >"$2/completions/crosshead.bash"
  "$1" completions zsh >"$2/completions/_crosshead"
  "$1" completions fish >"$2/completions/crosshead.fish"
  "$1" completions elvish >"$2/completions/crosshead.elv"
  "$1" completions powershell >"$2/completions/_crosshead.ps1"
}

# archive BINARY PAGES LICENCES TARGET: writes crosshead-VERSION-TARGET.tar.gz to OUT. The same files give the same bytes: names
# in order, one owner, one time, no name or time in the header of gzip.
archive() {
  local name="crosshead-$VERSION-$4" stage
  stage="$(mktemp -d)"
  mkdir -p "$stage/$name/docs"
  cp "$1" "$stage/$name/crosshead"
  cp README.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE "$stage/$name/"
  cp "$3" "$stage/$name/LICENSES.txt"
  cp docs/*.md docs/openapi.json docs/search.svg "$stage/$name/docs/"
  cp -r "$2/man" "$2/completions" "$stage/$name/"
  chmod -R u=rwX,go=rX "$stage/$name"
  find "$stage/$name" -type f -exec chmod 644 {} +
  chmod 755 "$stage/$name/crosshead"
  tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$EPOCH" --format=ustar -C "$stage" -cf - "$name" |
    gzip -n -9 >"$OUT/$name.tar.gz"
  rm -rf "$stage"
}
