#!/usr/bin/env bash
# Builds PostgreSQL 15 with pgvector 0.8 into a directory of its own; the system stays as it is.
#
#   provision.sh DIRECTORY
#
# Needs a Debian-like machine with a compiler; no root. Several callers may run at once: one builds, the
# others wait. DIRECTORY appears whole or not at all, and can be moved. Standard output tells the progress,
# one line a step; the last line of standard error is the reason when it fails (exit code 3).
set -euo pipefail
export LC_ALL=C

target=${1:?usage: provision.sh DIRECTORY}
version=15
say() { echo "$*"; }
give_up() {
  echo "$*" >&2
  exit 3
}

missing=()
for tool in apt-get apt-cache dpkg gcc make perl tar gzip awk sed ldd flock; do
  command -v "$tool" >/dev/null || missing+=("$tool")
done
[ ${#missing[@]} = 0 ] || give_up "PostgreSQL with pgvector cannot be built here: this machine has no ${missing[*]}." \
  "Install what is missing, or a PostgreSQL that has pgvector, or set DATABASE_URL."
echo '#include <stdio.h>' | gcc -fsyntax-only -xc - 2>/dev/null ||
  give_up "PostgreSQL with pgvector cannot be built here: the compiler finds no C headers (libc6-dev)."
[ -d /usr/share/zoneinfo ] ||
  give_up "PostgreSQL cannot run here: there are no time zones in /usr/share/zoneinfo (tzdata)."

mkdir -p "$(dirname "$target")" 2>/dev/null || give_up "Cannot write to $(dirname "$target")."
exec 9>"$target.lock" || give_up "Cannot write to $(dirname "$target")."
flock -n 9 || {
  say "waiting for another build of PostgreSQL"
  flock 9
}
if [ -x "$target/bin/postgres" ]; then exit 0; fi

# What an earlier, killed build left; nobody else builds while the lock is held.
rm -rf "$target".building.*
work=$(mktemp -d "$target.building.XXXXXX")
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
log=$target.log
: >"$log"
failed() { give_up "PostgreSQL with pgvector could not be built: $*. The log is $log."; }

tree=$work/tree
apt=$work/apt
mkdir -p "$tree" "$apt"/{lists/partial,cache/archives/partial,debs,source,parts}
quiet=(-qq -o "Dir::State::Lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o "APT::Sandbox::User=$(id -un 2>/dev/null || id -u)"
  -o Acquire::Languages=none -o Acquire::Retries=2 -o APT::Get::List-Cleanup=false)

say "reading the package lists"
apt-get "${quiet[@]}" update >>"$log" 2>&1 || true
apt-cache "${quiet[@]}" show "postgresql-$version" >/dev/null 2>&1 ||
  give_up "PostgreSQL with pgvector cannot be built here: the package sources of this machine" \
    "cannot be read or have no postgresql-$version (see $log)." \
    "Install a PostgreSQL that has pgvector, or set DATABASE_URL."

# pgvector's source comes from a newer suite of the same archive.
archive=$(apt-get "${quiet[@]}" indextargets --format '$(REPO_URI)' \
  'Identifier: Packages' 'Component: main' 'Release: bookworm' 2>>"$log" | sed -n 1p)
[ -n "$archive" ] || failed "no archive with a suite named bookworm is among the package sources"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
signed=
if [ -r "$keyring" ]; then signed="[signed-by=$keyring] "; fi
echo "deb-src $signed$archive trixie main" >"$apt/parts/source.list"

say "downloading PostgreSQL $version"
(
  cd "$apt/debs"
  apt-get "${quiet[@]}" download postgresql-$version postgresql-client-$version postgresql-server-dev-$version libpq5
) >>"$log" 2>&1 || failed "the packages cannot be downloaded"
for package in "$apt"/debs/*.deb; do dpkg -x "$package" "$tree"; done

libraries=$tree/usr/lib/$(gcc -print-multiarch)
export LD_LIBRARY_PATH=$libraries:$tree/lib/$(gcc -print-multiarch)
binaries=$tree/usr/lib/postgresql/$version/bin
lacking() { ldd "$binaries/postgres" "$binaries/initdb" "$binaries/pg_ctl" | grep -q 'not found'; }
if lacking; then
  say "downloading the libraries that this machine does not have"
  (
    cd "$apt/debs"
    rm -f ./*.deb
    apt-get "${quiet[@]}" download libicu72 libldap-2.5-0 libsasl2-2 libreadline8 libxml2 libssl3 liblz4-1 libzstd1
    for package in *.deb; do dpkg -x "$package" "$tree"; done
  ) >>"$log" 2>&1 || failed "the libraries cannot be downloaded"
  ! lacking || failed "PostgreSQL's libraries are not complete"
fi

say "downloading pgvector"
newer=("${quiet[@]}" -o Dir::Etc::SourceList=/dev/null -o "Dir::Etc::SourceParts=$apt/parts" -o "Dir::State::Lists=$apt/source")
mkdir -p "$apt/source/partial" "$work/pgvector"
apt-get "${newer[@]}" update >>"$log" 2>&1 || failed "the source packages cannot be read"
(
  cd "$apt/cache"
  apt-get "${newer[@]}" source --download-only pgvector
) >>"$log" 2>&1 || failed "pgvector's source cannot be downloaded"
tar -xzf "$apt"/cache/pgvector_*.orig.tar.gz -C "$work/pgvector" --strip-components=1 || failed "pgvector's source is broken"

say "compiling pgvector"
# No -march=native: the directory may be shared by machines, and then one of them would stop at an illegal instruction.
make -s -C "$work/pgvector" -j"$(nproc)" PG_CONFIG="$binaries/pg_config" with_llvm=no OPTFLAGS= all install \
  >>"$log" 2>&1 || failed "pgvector does not compile"
[ -e "$tree/usr/share/postgresql/$version/extension/vector.control" ] || failed "pgvector was not installed"

# Only what runs is kept.
rm -rf "$tree"/usr/include "$tree"/usr/share/{doc,man,locale,lintian,bash-completion} "$tree"/etc "$tree"/var \
  "$tree/usr/lib/postgresql/$version/lib/bitcode" "$tree/usr/lib/postgresql/$version/lib/pgxs"
ln -s "usr/lib/postgresql/$version/bin" "$tree/bin"
mv -T "$tree" "$target"
say "PostgreSQL $version with pgvector is ready"
